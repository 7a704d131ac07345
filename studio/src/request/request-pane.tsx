// The Request panel: what is sent is saved with the project.
import { expired, live } from "../deploy/lifetime.ts";
import { copyText } from "../parts/copy-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { project, setRequest } from "../project/workspace.ts";
import { AnswerView } from "./answer-view.tsx";
import { curlOf, exchange, exchangeProblem, sending, sendRequest } from "./exchange.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export function RequestPane() {
  const request = project.value?.request;
  if (request === undefined) return null;
  const ready = live.value !== null && !expired.value;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void sendRequest();
  };
  return (
    <div class="request-pane">
      <form class="request-form" onSubmit={submit}>
        <div class="inline-form">
          <select
            class="input method"
            aria-label="Method"
            value={request.method}
            onChange={(event) => setRequest({ method: event.currentTarget.value })}
          >
            {METHODS.map((method) => (
              <option key={method} value={method}>
                {method}
              </option>
            ))}
          </select>
          <input
            class="input code"
            aria-label="Path and query"
            value={request.path}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setRequest({ path: event.currentTarget.value })}
          />
          <IconButton
            icon="copy"
            label="Copy as curl"
            disabled={live.value === null}
            onClick={() => void copyText(curlOf(request, live.value?.url ?? ""), "Command copied")}
          />
          <button type="submit" class="button primary" disabled={!ready || sending.value}>
            <Icon name="send" /> Send
          </button>
        </div>
        <label class="field">
          Headers, one a line
          <textarea
            class="input area code"
            rows={2}
            placeholder="accept: application/json"
            spellcheck={false}
            value={request.headers}
            onInput={(event) => setRequest({ headers: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          Body
          <textarea
            class="input area code"
            rows={3}
            spellcheck={false}
            value={request.body}
            onInput={(event) => setRequest({ body: event.currentTarget.value })}
          />
        </label>
      </form>
      <div class="answer" role="region" aria-label="Answer" aria-live="polite" aria-busy={sending.value}>
        {exchangeProblem.value !== null ? (
          <p class="outcome bad">{exchangeProblem.value}</p>
        ) : exchange.value === null ? (
          <p class="empty">
            {ready ? "Send the request to see the response." : "Build & Deploy first, then send a request."}
          </p>
        ) : (
          <AnswerView exchange={exchange.value} isOld={exchange.value.deployment !== live.value?.id} />
        )}
      </div>
    </div>
  );
}
