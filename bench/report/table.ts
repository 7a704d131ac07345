// Rows as a Markdown table, which also reads well in a terminal.
import { barOf } from "../bars.ts";
import { isMet, type Row, showNumber } from "./figure.ts";

/** A table with one line per row. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [row.what, showValue(row), showBar(row), row.note ?? ""]);
  const cells = [["what", "measured", "promised", ""], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const [head = "", ...body] = cells.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  return [head, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body].join("\n");
}

/** The number and its unit. */
export function showValue({ value, unit }: Row): string {
  return value === null ? "not measured" : `${showNumber(value)} ${unit}`.trim();
}

/** The bar, and a word if the row misses it. */
export function showBar(row: Row): string {
  if (row.bar === undefined) return "";
  const { kind, value } = barOf(row.bar);
  return `${kind} ${showNumber(value)}${isMet(row) === false ? ", missed" : ""}`;
}
