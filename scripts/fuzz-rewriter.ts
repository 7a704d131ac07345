// Random modules through the rewriter, each compared with itself before, one thread:
// `node bin/node26.mjs scripts/fuzz-rewriter.ts --count 100000 --seed 1 [--first 1] [--keep folder]`. Ends
// with 1 if any differs; each module that does is kept. `--seed 1 --first 4711 --count 1` tries number 4711
// of seed 1 again.
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Progress, Share } from "./fuzz-rewriter-worker.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "1" },
    keep: { type: "string", default: "fuzz-failures" },
  },
});
const seed = Number(values.seed);
const first = Number(values.first);
const last = first + Number(values.count) - 1;
/** A step takes some 20 ms; wasm-opt never returns from some. */
const PATIENCE_MS = 30_000;
const REPORT_EVERY = 1000;

const since = performance.now();
const totals = {
  equal: 0,
  skipped: 0,
  differs: 0,
  invalid: 0,
  crashed: 0,
  stuckMaking: 0,
  stuckComparing: 0,
  calls: 0,
  traps: 0,
  checks: 0,
  bytes: 0,
};
const features = new Map<string, number>();
const reasons = new Map<string, number>();

for (let next = first; next <= last;) next = await runFrom(next);
report(last);
process.exit(totals.differs + totals.stuckComparing === 0 ? 0 : 1);

/** Runs a thread from a number on, until it is done or stuck; returns the number to go on with. */
async function runFrom(from: number): Promise<number> {
  const worker = new Worker(new URL("fuzz-rewriter-worker.ts", import.meta.url), {
    workerData: { seed, first: from, last } satisfies Share,
  });
  let current: Progress = { kind: "making", number: from };
  let moved = true;
  const stuck = Promise.withResolvers<"stuck">();
  const watch = setInterval(() => (moved ? (moved = false) : stuck.resolve("stuck")), PATIENCE_MS);
  worker.on("message", (progress: Progress) => {
    moved = true;
    current = progress;
    note(progress);
  });
  const end = await Promise.race([stuck.promise, once(worker, "exit")]);
  clearInterval(watch);
  if (end !== "stuck") return last + 1;
  noteStuck(current);
  await worker.terminate();
  return current.number + 1;
}

function noteStuck({ kind, number }: Progress): void {
  if (kind === "comparing") totals.stuckComparing++;
  else totals.stuckMaking++;
  console.log(`module ${number}: stuck while ${kind}`);
}

function note(progress: Progress): void {
  if (progress.kind === "making" || progress.kind === "comparing") return;
  if (progress.kind === "compared") noteCompared(progress);
  else totals[progress.kind]++;
  if (progress.number % REPORT_EVERY === 0) report(progress.number);
}

function noteCompared({ number, bytes, features: found, comparison }: Progress & { kind: "compared" }): void {
  totals[comparison.kind]++;
  totals.bytes += bytes.length;
  if (comparison.kind === "skipped") count(reasons, comparison.reason);
  else if (comparison.kind === "differs") keep(number, bytes, comparison);
  else {
    for (const feature of found) count(features, feature);
    totals.calls += comparison.calls;
    totals.traps += comparison.traps;
    totals.checks += comparison.checks;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function keep(
  number: number,
  bytes: Uint8Array,
  { what, original, rewritten }: { what: string; original: string; rewritten: string },
): void {
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${seed}-${number}.wasm`), bytes);
  console.log(`module ${number} differs: ${what}: original ${original}, rewritten ${rewritten}`);
}

function report(number: number): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  const list = (map: Map<string, number>): string =>
    [...map].map(([name, times]) => `${name} ${times}`).join(", ");
  console.log(
    `to ${number} in ${seconds} s: ${JSON.stringify(totals)}; skipped: ` +
      `${list(reasons) || "none"}; features: ${list(features)}`,
  );
}
