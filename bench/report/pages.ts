// Writes what the suite found: a page and a plot per figure under docs/figures, and the README's table.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { plotOf } from "./plot.ts";
import { showBar, showValue, tableOf } from "./table.ts";

const START = "<!-- figures -->";
const END = "<!-- /figures -->";

/** Figures in a folder of results, in the order of the names given; others come after. */
export function readFigures(folder: string, order: readonly string[]): Figure[] {
  if (!existsSync(folder)) return [];
  const figures = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Figure);
  const place = ({ name }: Figure): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return figures.toSorted((one, other) => place(one) - place(other));
}

/** `docs/figures/<name>.md` and `.svg`. */
export function writePage(folder: string, figure: Figure, machine: string): void {
  mkdirSync(folder, { recursive: true });
  const plot = plotOf(figure.title, figure.rows);
  const picture = plot === "" ? "" : `![${figure.title}](${figure.name}.svg)\n\n`;
  if (plot !== "") writeFileSync(join(folder, `${figure.name}.svg`), plot);
  writeFileSync(
    join(folder, `${figure.name}.md`),
    `# ${figure.title}\n\n${figure.method} Measured on ${machine} by \`${figure.command}\`.\n\n${picture}${tableOf(figure.rows)}\n`,
  );
}

/** The README with its table made anew. */
export function withFigures(readme: string, figures: readonly Figure[]): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} … ${END}`);
  const lines = figures.flatMap((figure) =>
    figure.rows
      .filter(({ headline }) => headline === true)
      .map(
        (row) =>
          `| [${row.what}](docs/figures/${figure.name}.md) | ${showValue(row)} | ${showBar(row)} | \`${figure.command}\` |`,
      ),
  );
  const table =
    lines.length === 0
      ? ""
      : `\n<!-- prettier-ignore -->\n| what | figure | promised | command |\n|---|---|---|---|\n${lines.join("\n")}\n\n`;
  return `${readme.slice(0, start + START.length)}\n${table}${readme.slice(end)}`;
}
