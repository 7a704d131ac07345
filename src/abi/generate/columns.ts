// Keeps generated text within the width of the page.

/** Widest line of a generated file. */
export const COLUMNS = 110;

/** Joins the pieces with spaces; a line that would get too long continues, indented, on the next. */
export function filled(pieces: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = last === undefined ? piece : `${last} ${piece}`;
    if (last === undefined || longer.length > COLUMNS)
      lines.push(last === undefined ? piece : indent + piece);
    else lines[lines.length - 1] = longer;
  }
  return lines.join("\n");
}

/** A comment of as many lines as it takes, each behind the marker. */
export function commented(text: string, marker: string): string {
  const [first = "", ...words] = text.split(" ");
  return filled([`${marker} ${first}`, ...words], `${marker} `);
}

/** `before(a, b)after` on one line if it fits, otherwise one parameter per line. */
export function listed(before: string, params: readonly string[], after: string, indent: string): string {
  const line = `${indent}${before}(${params.join(", ")})${after}`;
  if (line.length <= COLUMNS) return line;
  const each = params.map((param) => `${indent}${indent === "" ? "  " : indent}${param},\n`).join("");
  return `${indent}${before}(\n${each}${indent})${after}`;
}
