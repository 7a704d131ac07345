// The server requires a token for deploys: ask for it and deploy again.
import { useState } from "preact/hooks";
import { buildAndDeploy } from "../deploy/build.ts";
import { setDeployToken, tokenWanted } from "../deploy/tokens.ts";
import { Dialog } from "../parts/dialog.tsx";

export function TokenDialog() {
  const [token, setToken] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setDeployToken(token.trim());
    void buildAndDeploy();
  };
  return (
    <Dialog title="This server requires a token" onClose={() => (tokenWanted.value = false)}>
      <form onSubmit={submit} class="stack">
        <p>
          Deploying here requires the operator's deploy token. The token stays in this browser. Projects and
          links never contain it.
        </p>
        <label class="field">
          Deploy token{" "}
          <input
            class="input"
            type="password"
            autocomplete="off"
            autofocus
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p class="dialog-actions">
          <button type="submit" class="button primary" disabled={token.trim() === ""}>
            Deploy
          </button>
        </p>
      </form>
    </Dialog>
  );
}
