// Hostcalls on the time line of their request. Each row describes what its bar shows.
import type { RequestView } from "../../../src/api/index.ts";
import { formatBytes, formatMs } from "../project/content.ts";

/** A call shorter than this part of the whole is still seen. */
const THINNEST_PERCENT = 0.8;

export function Waterfall({ record: { calls, callsLeftOut, usage } }: { readonly record: RequestView }) {
  if (calls.length === 0) return <p class="muted">No hostcalls.</p>;
  const whole = Math.max(usage?.wallMs ?? 0, ...calls.map(({ startMs, ms }) => startMs + ms), 0.001);
  return (
    <>
      <table class="waterfall">
        <colgroup>
          <col class="col-call" />
          <col class="col-result" />
          <col />
        </colgroup>
        <thead class="visually-hidden">
          <tr>
            <th>Call</th>
            <th>Result</th>
            <th>Time</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call, index) => (
            <tr key={index}>
              <th scope="row">
                <span class="call-name">{call.name.replace(/^hostcall_/, "")}</span>{" "}
                <span class="call-detail" title={call.detail}>
                  {call.detail}
                </span>
                {call.note !== "" && <span class="call-note">{call.note}</span>}
              </th>
              <td class="call-result" title={call.result}>
                {sizes(call)}
                {shortResult(call.result)}
              </td>
              <td class="call-time">
                <span class="bar-track" aria-hidden="true">
                  <span
                    class={`bar ${call.result === "fault" ? "bar-bad" : ""}`}
                    style={{
                      left: `${Math.min(99, (call.startMs / whole) * 100)}%`,
                      width: `${Math.max(THINNEST_PERCENT, (call.ms / whole) * 100)}%`,
                    }}
                  />
                </span>
                {formatMs(call.ms)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {callsLeftOut > 0 && <p class="muted">{callsLeftOut} further calls are not shown.</p>}
    </>
  );
}

function sizes({ bytesIn, bytesOut }: RequestView["calls"][number]): string {
  const parts = [
    bytesIn > 0 ? `${formatBytes(bytesIn)} in` : "",
    bytesOut > 0 ? `${formatBytes(bytesOut)} out` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `${parts.join(", ")} `;
}

/** `→ 1`; what it means is in the title. */
function shortResult(result: string): string {
  return result === "" ? "" : `→ ${result.replace(/:.*/, "")}`;
}
