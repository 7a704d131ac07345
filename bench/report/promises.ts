// The tables of promises in docs/SPECIFICATION.md and the README: each bar with the worst figure measured for
// it.
import { BARS, type Bar, barOf, type BarName } from "../bars.ts";
import type { Figure, Row } from "./figure.ts";
import { showBar, showValue } from "./table.ts";

interface Measured {
  readonly figure: Figure;
  readonly row: Row;
}

/** All promises, for the specification. Links are relative to `docs/`. */
export function promisesTable(figures: readonly Figure[]): string {
  return table(Object.keys(BARS) as BarName[], figures, "figures");
}

/** The headline promises, for the README. */
export function headlineTable(figures: readonly Figure[]): string {
  const names = Object.keys(BARS) as BarName[];
  return table(
    names.filter((name) => barOf(name).headline === true),
    figures,
    "docs/figures",
  );
}

function table(names: readonly BarName[], figures: readonly Figure[], folder: string): string {
  return [
    "<!-- prettier-ignore -->",
    "| promise | bar | measured | to reproduce |",
    "|---|---|---|---|",
    ...names.map((name) => line(barOf(name), worstOf(name, figures), folder)),
  ].join("\n");
}

function line(bar: Bar, worst: Measured | undefined, folder: string): string {
  if (worst === undefined)
    return `| ${bar.promise} | ${bar.kind} ${bar.value} ${bar.unit} | not measured | |`;
  const { figure, row } = worst;
  const measured = `[${showValue(row)}](${folder}/${figure.name}.md)`;
  const [, missed = ""] = showBar(row).split(", ");
  const cells = [
    bar.promise,
    `${bar.kind} ${bar.value.toLocaleString("en-US")} ${bar.unit}`.trim(),
    missed === "" ? measured : `${measured}, ${missed}`,
    `\`${figure.command}\``,
  ];
  return `| ${cells.join(" | ")} |`;
}

function worstOf(name: BarName, figures: readonly Figure[]): Measured | undefined {
  const rows = figures.flatMap((figure) =>
    figure.rows
      .filter((row) => row.bar === name && row.value !== null)
      .map((row): Measured => ({ figure, row })),
  );
  const sign = barOf(name).kind === "at most" ? -1 : 1;
  return rows.toSorted((one, other) => sign * ((one.row.value ?? 0) - (other.row.value ?? 0)))[0];
}
