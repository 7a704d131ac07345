// Lengths of functions, by their layout: the formatter puts a closing brace under the first letter of the
// line that opens it.

const FUNCTION = /^(?:export )?(?:async )?function\b/;
const METHOD = /^(?:(?:static|async|get|set|private|protected|override) )*#?[\w[\].]+(?:<[^>]*>)?\(/;
const NOT_A_METHOD = /^(?:if|for|while|switch|catch|return|await|new|throw|void|else|do|super|import)\b/;

/** Lines of each function declaration and method with a body, from its first line to its closing brace. */
export function functionLengths(source: string): number[] {
  const lines = source.split("\n");
  return lines.flatMap((line, start) => {
    const text = line.trimStart();
    const isFunction = FUNCTION.test(text) || (METHOD.test(text) && !NOT_A_METHOD.test(text));
    if (!isFunction) return [];
    const end = endOf(lines, start, line.length - text.length);
    return end === null ? [] : [end - start + 1];
  });
}

/** The line of the closing brace; null for what has no body: calls and signatures. */
function endOf(lines: readonly string[], start: number, indent: number): number | null {
  const closing = `${" ".repeat(indent)}}`;
  let isOpen = lines[start]?.endsWith("{") === true;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const depth = line.length - line.trimStart().length;
    if (isOpen && line === closing) return at;
    if (line !== "" && depth <= indent && !/^\s*\).*\{$/.test(line)) return null;
    if (depth === indent && line.endsWith("{")) isOpen = true;
  }
  return null;
}
