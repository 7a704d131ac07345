// Random modules through the rewriter, each compared with itself before:
// `node bin/node26.mjs scripts/fuzz-rewriter.ts --count 100000 --seed 1 [--keep folder]`.
// Ends with 1 if any differs; the random bytes and the module of each that does are kept.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareModule, type Comparison } from "../src/wasm/compare-modules.ts";
import { inspectModule } from "../src/wasm/index.ts";
import { openModuleSource, randomBytes, seededRandom } from "../src/wasm/random-modules.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, seed: { type: "string", default: "1" }, keep: { type: "string", default: "fuzz-failures" } },
});
const count = Number(values.count);
const random = seededRandom(Number(values.seed));
/** The command leaks, and random bytes crash it now and then; both end with a new one. */
const MODULES_PER_SOURCE = 2000;
let source = await openModuleSource();
const since = performance.now();
const totals = { equal: 0, skipped: 0, differs: 0, calls: 0, traps: 0, checks: 0, bytes: 0, invalid: 0, crashed: 0 };
const features = new Map<string, number>();
const reasons = new Map<string, number>();

for (let made = 1; made <= count; made++) {
  const seed = randomBytes(random);
  if (made % MODULES_PER_SOURCE === 0) await renewSource();
  const bytes = await make(seed);
  if (bytes === null) totals.crashed++;
  else if (WebAssembly.validate(bytes)) note(made, seed, bytes, compare(bytes));
  else totals.invalid++;
  if (made % 1000 === 0 || made === count) report(made);
}
source.close();
process.exitCode = totals.differs === 0 ? 0 : 1;

async function make(seed: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return source.make(seed);
  } catch {
    await renewSource();
    return null;
  }
}

async function renewSource(): Promise<void> {
  source.close();
  source = await openModuleSource();
}

function compare(bytes: Uint8Array<ArrayBuffer>): Comparison {
  try {
    const found = inspectModule(bytes).features;
    if (found.includes("exceptions") && found.includes("exceptions (legacy)")) return { kind: "skipped", reason: "old and new exceptions" };
    for (const feature of found) features.set(feature, (features.get(feature) ?? 0) + 1);
    return compareModule(bytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // V8 refuses old exceptions beside the type exnref, but not every time.
    if (message.includes("mix of legacy and new")) return { kind: "skipped", reason: "old and new exceptions" };
    return { kind: "differs", what: "refused", original: "valid", rewritten: message };
  }
}

function note(made: number, seed: Uint8Array, bytes: Uint8Array, comparison: Comparison): void {
  totals[comparison.kind]++;
  totals.bytes += bytes.length;
  if (comparison.kind === "equal") {
    totals.calls += comparison.calls;
    totals.traps += comparison.traps;
    totals.checks += comparison.checks;
  } else if (comparison.kind === "skipped") reasons.set(comparison.reason, (reasons.get(comparison.reason) ?? 0) + 1);
  else keep(made, seed, bytes, comparison);
}

function keep(made: number, seed: Uint8Array, bytes: Uint8Array, { what, original, rewritten }: Comparison & { kind: "differs" }): void {
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${values.seed}-${made}.seed`), seed);
  writeFileSync(join(values.keep, `${values.seed}-${made}.wasm`), bytes);
  console.log(`module ${made} differs: ${what}: original ${original}, rewritten ${rewritten}`);
}

function report(made: number): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(0);
  const list = (map: Map<string, number>): string => [...map].map(([name, times]) => `${name} ${times}`).join(", ");
  console.log(`${made} modules in ${seconds} s: ${JSON.stringify(totals)}; skipped: ${list(reasons) || "none"}; features: ${list(features)}`);
}
