// The inspector: the last requests, and one of them in full.
import type { RequestView } from "../../../src/api/index.ts";
import { live } from "../deploy/lifetime.ts";
import { formatMs } from "../project/content.ts";
import { openRecord, records, recordsProblem } from "./records.ts";
import { RecordView } from "./record-view.tsx";

export function InspectorPane() {
  if (recordsProblem.value !== null) return <p class="empty">{recordsProblem.value}</p>;
  if (live.value === null)
    return (
      <p class="empty">
        Each request to a deployment shows here: time, CPU, memory, hostcalls, log lines, traps.
      </p>
    );
  if (records.value.length === 0) return <p class="empty">No requests yet.</p>;
  const chosen = records.value.find(({ id }) => id === openRecord.value) ?? records.value[0];
  return (
    <div class="inspector">
      <ul class="record-list" aria-label="Last requests, newest first">
        {records.value.map((record) => (
          <li key={record.id}>
            <RecordRow record={record} isOpen={record === chosen} />
          </li>
        ))}
      </ul>
      {chosen !== undefined && <RecordView record={chosen} />}
    </div>
  );
}

function RecordRow({ record, isOpen }: { readonly record: RequestView; readonly isOpen: boolean }) {
  const { id, status, method, path, usage, at, answeredBy } = record;
  return (
    <button type="button" class="record-row" aria-current={isOpen} onClick={() => (openRecord.value = id)}>
      <span class={`status status-${Math.floor(status / 100)}`}>{status}</span>
      <span class="record-path">
        <span class="faint">{method}</span> {path}
      </span>
      <span class="faint">
        {answeredBy === "asset" ? "asset" : usage === null ? "" : formatMs(usage.wallMs)}
      </span>
      <time class="faint" dateTime={at}>
        {new Date(at).toLocaleTimeString()}
      </time>
    </button>
  );
}
