// Rows as a Markdown table, which also reads well in a terminal.
import { barOf } from "../bars.ts";
import { isMet, type Row, showNumber, type Trial } from "./figure.ts";

/** A table with one line per row. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [row.what, showValue(row), showBar(row), row.note ?? ""]);
  return aligned([["what", "measured", "promised", ""], ...lines]);
}

/** A table with one line per trial. */
export function trialsTableOf(trials: readonly Trial[]): string {
  const head = ["trial", "version", "minutes", "killed", "frozen", "cut", "requests", "acknowledged"];
  const lines = trials.map((trial) => [
    trial.what,
    trial.version,
    showNumber(trial.minutes),
    ...[
      trial.killed,
      trial.frozen,
      trial.cut,
      trial.requests,
      trial.acknowledged,
      trial.lost,
      trial.wrong,
    ].map((count) => count.toLocaleString("en-US")),
    trial.longestGapMs === null ? "" : `${(trial.longestGapMs / 1000).toFixed(1)} s`,
  ]);
  return aligned([[...head, "lost", "wrong", "longest gap"], ...lines]);
}

/** Cells in columns; the first line is the head. */
function aligned(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)),
  );
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
