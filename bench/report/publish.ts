// What becomes of a benchmark's figure: printed as a table, and kept for the pages under docs/figures and the README's table.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { tableOf } from "./table.ts";

/** Folder for results; set by `bench/run.ts`. A benchmark run by itself only prints. */
const RESULTS = process.env["BENCH_RESULTS"];

/** Prints the figure, and keeps it if the suite runs. */
export function publish(figure: Figure): void {
  process.stdout.write(`${figure.title}\n${tableOf(figure.rows)}\n`);
  if (RESULTS === undefined) return;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${figure.name}.json`), `${JSON.stringify(figure, null, 2)}\n`);
}
