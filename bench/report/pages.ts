// Writes what the suite measured: a page and a plot per figure under docs/figures, and the tables that quote
// them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { plotOf } from "./plot.ts";
import { headlineTable, promisesTable } from "./promises.ts";
import { tableOf, trialsTableOf } from "./table.ts";
import { timelineOf } from "./timeline.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Folder of the published pages. */
const FIGURES_FOLDER = join(ROOT, "docs/figures");
/** Folder of what each benchmark found last, as JSON. */
export const RESULTS_FOLDER = join(FIGURES_FOLDER, "results");

/** The figures in a folder of results, by name. */
export function readFigures(folder: string = RESULTS_FOLDER): Figure[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Figure);
}

/**
 * Every generated file, by its path from the project's root. The README and the specification keep their
 * prose.
 */
export function pagesOf(figures: readonly Figure[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const figure of figures) {
    const plot =
      figure.timeline === undefined
        ? plotOf(figure.title, figure.rows)
        : timelineOf(figure.title, figure.timeline);
    if (plot !== "") pages.set(`docs/figures/${figure.name}.svg`, plot);
    pages.set(`docs/figures/${figure.name}.md`, pageOf(figure, plot !== ""));
  }
  for (const [path, name, table] of [
    ["README.md", "figures", headlineTable(figures)],
    ["docs/SPECIFICATION.md", "promises", promisesTable(figures)],
  ] as const) {
    pages.set(path, withTable(readFileSync(join(ROOT, path), "utf8"), name, table));
  }
  return pages;
}

/** Writes them. */
export function writePages(figures: readonly Figure[]): void {
  mkdirSync(FIGURES_FOLDER, { recursive: true });
  for (const [path, text] of pagesOf(figures)) writeFileSync(join(ROOT, path), text);
}

/** The text with the table between `<!-- name -->` and `<!-- /name -->`. */
export function withTable(text: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The text has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n\n${table}\n\n${text.slice(to)}`;
}

function pageOf(figure: Figure, hasPlot: boolean): string {
  const { name, title, method, machine, command, rows, trials } = figure;
  const picture = hasPlot ? `![${title}](${name}.svg)\n\n` : "";
  const measured = `Measured on ${machine ?? "an unknown machine"} by \`${command}\`.`;
  const tables = [tableOf(rows), ...(trials === undefined ? [] : [trialsTableOf(trials)])];
  return `# ${title}\n\n${method} ${measured}\n\n${picture}${tables.join("\n\n")}\n`;
}

if (import.meta.main) writePages(readFigures());
