// What happens to a benchmark's figure: it is printed as a table, and kept for the pages that quote it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { tableOf, trialsTableOf } from "./table.ts";

/** Folder for results; set by `bench/run.ts`. A benchmark that runs by itself only prints. */
const RESULTS = process.env["BENCH_RESULTS"];

/** Prints the figure, and keeps it if the suite runs. */
export function publish(figure: Figure): void {
  process.stdout.write(`${figure.title}\n${tableOf(figure.rows)}\n`);
  if (figure.trials !== undefined) process.stdout.write(`${trialsTableOf(figure.trials)}\n`);
  if (RESULTS === undefined) return;
  mkdirSync(RESULTS, { recursive: true });
  const { name, title, command, method, rows, trials, timeline } = figure;
  const kept: Figure = {
    name,
    title,
    command,
    machine: machine(),
    method,
    rows,
    ...(trials !== undefined && { trials }),
    ...(timeline !== undefined && { timeline }),
  };
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}

/** What was published under that name before; undefined if nothing was, or nothing is kept. */
export function published(name: string): Figure | undefined {
  if (RESULTS === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(join(RESULTS, `${name}.json`), "utf8")) as Figure;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? "an unknown processor";
  return `${availableParallelism()} × ${processor}, Node ${process.versions.node}`;
}
