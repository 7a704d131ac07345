// One request in full: what it cost, its hostcalls on one time line, what it logged, where it trapped.
import type { RequestView } from "../../../src/api/index.ts";
import { jumpTo } from "../editor/jump.ts";
import { formatBytes, formatMs } from "../project/content.ts";
import { project } from "../project/workspace.ts";
import { Waterfall } from "./waterfall.tsx";

export function RecordView({ record }: { readonly record: RequestView }) {
  const { usage, requestBytes, responseBytes, fault } = record;
  return (
    <div class="record">
      <dl class="costs">
        {usage !== null && <Cost name="Time" value={formatMs(usage.wallMs)} />}
        {usage !== null && <Cost name="CPU" value={formatMs(usage.cpuMs)} />}
        {usage !== null && <Cost name="Memory" value={formatBytes(usage.memoryBytes)} />}
        <Cost name="In" value={formatBytes(requestBytes)} />
        <Cost name="Out" value={formatBytes(responseBytes)} />
      </dl>
      {fault !== null && <Fault fault={fault} />}
      {record.answeredBy === "asset" ? (
        <p class="muted">Served from assets/; the program did not run.</p>
      ) : (
        <Run record={record} />
      )}
    </div>
  );
}

function Run({ record }: { readonly record: RequestView }) {
  const { log } = record;
  return (
    <>
      <h3>Hostcalls</h3>
      <Waterfall record={record} />
      <h3>Log</h3>
      {log.length === 0 ? (
        <p class="muted">No log lines.</p>
      ) : (
        <pre class="output wrap" tabIndex={0} aria-label="Log lines of the request">
          {log
            .map(({ ms, source, text }) => `${formatMs(ms).padStart(8)}  ${source.padEnd(8)} ${text}\n`)
            .join("")}
        </pre>
      )}
    </>
  );
}

function Cost({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Fault({ fault: { message, code, frames } }: { readonly fault: NonNullable<RequestView["fault"]> }) {
  return (
    <div class="fault">
      <p class="outcome bad">
        {message} <code class="faint">{code}</code>
      </p>
      <ol class="frames">
        {frames.map((frame, index) => (
          <li key={index}>
            <Frame frame={frame} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Frame({
  frame: { functionName, file, line, column, offset },
}: {
  readonly frame: NonNullable<RequestView["fault"]>["frames"][number];
}) {
  const name = functionName ?? "a function without name";
  if (file === null || line === null)
    return (
      <code>
        {name}
        {offset === null ? "" : ` (offset 0x${offset.toString(16)})`}
      </code>
    );
  const location = `${file}:${line}${column === null ? "" : `:${column}`}`;
  const canOpen = project.value?.files.has(file) === true;
  return (
    <code>
      {name}{" "}
      {canOpen ? (
        <button
          type="button"
          class="source-location"
          onClick={() => jumpTo({ path: file, line, column: column ?? 1 })}
        >
          {location}
        </button>
      ) : (
        <span class="faint">{location}</span>
      )}
    </code>
  );
}
