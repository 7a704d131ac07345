// Text in which locations of the project's files are links that open them.
import { piecesOf } from "../deploy/diagnostics.ts";
import { jumpTo } from "../editor/jump.ts";
import { project } from "../project/workspace.ts";

export function LinkedText({ text }: { readonly text: string }) {
  const files = project.value?.files;
  const has = (path: string) => files?.has(path) === true;
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <>
      {lines.map((line, index) => (
        <Line key={index} line={line} has={has} isLast={index === lines.length - 1} />
      ))}
    </>
  );
}

function Line({
  line,
  has,
  isLast,
}: {
  readonly line: string;
  readonly has: (path: string) => boolean;
  readonly isLast: boolean;
}) {
  const pieces = piecesOf(line, has);
  return (
    <>
      {pieces.map(({ text, location }, index) =>
        location === null ? (
          text
        ) : (
          <button key={index} type="button" class="source-location" onClick={() => jumpTo(location)}>
            {text}
          </button>
        ),
      )}
      {isLast ? "" : "\n"}
    </>
  );
}
