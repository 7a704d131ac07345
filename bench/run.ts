// The suite: `npm run bench` runs every benchmark, `npm run bench -- NAME` one of them. Each runs in its own
// process. What it measures goes to docs/figures (a page and a plot) and to the tables in README.md and
// docs/SPECIFICATION.md. `npm run bench -- storm` takes more than an hour and runs only when named.
// `npm run bench -- NAME ARGUMENTS` (fewer rounds, say) only prints. Meant for a quiet
// machine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { edgeV8Flags } from "../src/engine/v8-flags.ts";
import { readFigures, RESULTS_FOLDER as RESULTS, writePages } from "./report/pages.ts";

interface Benchmark {
  readonly name: string;
  readonly flags?: readonly string[];
  /** Runs on one thread, pinned to a core. Benchmarks that start processes pin those themselves. */
  readonly pinned?: true;
  /** Takes so long that it runs only when it is named. */
  readonly byName?: true;
}

/** In the order in which they run. */
const BENCHMARKS: readonly Benchmark[] = [
  { name: "isolation", flags: edgeV8Flags(), pinned: true },
  { name: "rivals" },
  { name: "edge" },
  { name: "http" },
  { name: "scaling" },
  { name: "instrumentation", flags: ["--no-liftoff"], pinned: true },
  { name: "kill", flags: edgeV8Flags() },
  { name: "neighbours" },
  { name: "waiting" },
  { name: "crowd" },
  { name: "resident" },
  { name: "recovery" },
  { name: "deploy" },
  { name: "build" },
  { name: "install" },
  { name: "studio" },
  { name: "store" },
  { name: "storm", byName: true },
];

const ROOT = join(import.meta.dirname, "..");
const CAN_PIN = availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

const [wanted, ...args] = process.argv.slice(2);
const chosen = BENCHMARKS.filter(
  ({ name, byName }) =>
    (wanted === undefined ? byName === undefined : name === wanted) &&
    existsSync(join(import.meta.dirname, `${name}.ts`)),
);
if (chosen.length === 0)
  throw new Error(
    `There is no benchmark "${wanted ?? ""}"; there are ${BENCHMARKS.map(({ name }) => name).join(", ")}`,
  );
const publishes = args.length === 0;
if (publishes) mkdirSync(RESULTS, { recursive: true });

const failed: string[] = [];
for (const benchmark of chosen) if (!run(benchmark)) failed.push(benchmark.name);
if (publishes) writePages(readFigures());
if (failed.length > 0) process.stdout.write(`failed: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run({ name, flags = [], pinned }: Benchmark): boolean {
  const command = [process.execPath, ...flags, join(import.meta.dirname, `${name}.ts`), ...args];
  const [program = "", ...rest] = pinned === true && CAN_PIN ? ["taskset", "-c", "0", ...command] : command;
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(program, rest, {
    stdio: "inherit",
    cwd: ROOT,
    env: publishes ? { ...process.env, BENCH_RESULTS: RESULTS } : process.env,
  });
  // A figure of an earlier version must not pass for a current one.
  if (publishes && status !== 0) rmSync(join(RESULTS, `${name}.json`), { force: true });
  return status === 0;
}
