// The live log as text. It stays at its end unless the person has scrolled up.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogEventView } from "../../../src/api/index.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { saveFile } from "../parts/save-file.ts";
import { LinkedText } from "./linked-text.tsx";
import { logDropped, logLines, logState } from "./log-stream.ts";

const STATES = {
  idle: "Nothing is deployed yet.",
  following: "Following.",
  waiting: "Connection lost. Reconnecting…",
  gone: "The deployment is gone. These are its last log lines.",
} as const;
/** Pixels from the end that still count as the end. */
const NEAR_END = 40;

export function LogsView() {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [logLines.value]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? {
      scrollTop: 0,
      scrollHeight: 0,
      clientHeight: 0,
    };
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
  };
  return (
    <div class="logs-view">
      <div class="log-bar">
        <span class={`log-state log-${logState.value}`}>{STATES[logState.value]}</span>
        {logDropped.value > 0 && <span class="warn">{logDropped.value} lines were dropped</span>}
        <span class="grow" />
        <IconButton
          icon="download"
          label="Download the log"
          disabled={logLines.value.length === 0}
          onClick={downloadLog}
        />
        <IconButton
          icon="trash"
          label="Clear the view"
          disabled={logLines.value.length === 0}
          onClick={() => (logLines.value = [])}
        />
      </div>
      <div
        class="log-lines"
        role="log"
        aria-label="Log of the deployment"
        aria-live="off"
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
      >
        {logLines.value.map((event) => (
          <LogLine key={event.offset} event={event} />
        ))}
      </div>
    </div>
  );
}

function LogLine({ event: { at, source, text } }: { readonly event: LogEventView }) {
  return (
    <div class={`log-line log-from-${source}`}>
      <time class="log-time" dateTime={at}>
        {at.slice(11, 23)}
      </time>
      <span class="log-source">{source}</span>
      <span class="log-text">
        <LinkedText text={text} />
      </span>
    </div>
  );
}

function downloadLog(): void {
  const text = logLines.value
    .map(
      ({ at, source, request, text: line }) =>
        `${at} ${source}${request === null ? "" : ` ${request}`} ${line}\n`,
    )
    .join("");
  saveFile("deployment.log", text, "text/plain");
}
