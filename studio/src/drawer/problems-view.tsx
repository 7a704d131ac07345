// What the compiler found, as a list that opens the locations.
import { findings } from "../deploy/build.ts";
import type { Finding } from "../deploy/diagnostics.ts";
import { jumpTo } from "../editor/jump.ts";

export function ProblemsView() {
  if (findings.value.length === 0) return <p class="empty">No problems in the last build.</p>;
  return (
    <ul class="problems">
      {findings.value.map((finding, index) => (
        <li key={index}>
          <Problem finding={finding} />
        </li>
      ))}
    </ul>
  );
}

function Problem({ finding: { severity, message, location } }: { readonly finding: Finding }) {
  const text = (
    <>
      <span class={`severity severity-${severity}`}>{severity}</span>
      <span class="problem-text">{message}</span>
      {location !== null && (
        <span class="problem-location">
          {location.path}:{location.line}:{location.column}
        </span>
      )}
    </>
  );
  return location === null ? (
    <p class="problem">{text}</p>
  ) : (
    <button type="button" class="problem" onClick={() => jumpTo(location)}>
      {text}
    </button>
  );
}
