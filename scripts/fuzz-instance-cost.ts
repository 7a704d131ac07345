// Searches for programs whose fresh state costs more than they are charged:
// `node bin/node26.mjs --no-wasm-lazy-compilation scripts/fuzz-instance-cost.ts [--seconds 60] [--seed 1]`.
// Prints the programs with the most CPU time per request that nobody was charged for; ends with 1 if one
// exceeds what `isCharged` grants, measured twice.
import { parseArgs } from "node:util";

/** With the flags of edges V8 compiles on threads that do not keep a process alive. */
const awake = setInterval(() => undefined, 1000);
const { instanceCost, isCharged, randomInstanceParts } =
  await import("../src/engine/testing/instance-cost.ts");
const { seededRandom } = await import("../src/wasm/testing/random-modules.ts");

const RUNS = 20;
const SHOWN = 8;

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string", default: "1" } },
});
const until = performance.now() + Number(values.seconds) * 1000;
const found: { readonly freeMs: number; readonly isCharged: boolean; readonly line: string }[] = [];
let programs = 0;
for (let seed = Number(values.seed) * 1_000_000; performance.now() < until; seed += 1) {
  programs += 1;
  const parts = randomInstanceParts(seededRandom(seed));
  let cost = await instanceCost(parts, RUNS);
  if (!isCharged(cost)) cost = await instanceCost(parts, RUNS);
  const [used, charged] = [cost.usedMs.toFixed(2), cost.chargedMs.toFixed(2)];
  const line = `used ${used} ms, charged ${charged} ms (${cost.strategy})`;
  found.push({
    freeMs: cost.usedMs - cost.chargedMs,
    isCharged: isCharged(cost),
    line: `seed ${seed}: ${line} ${JSON.stringify(parts)}`,
  });
}
const worst = found.toSorted((one, other) => other.freeMs - one.freeMs).slice(0, SHOWN);
console.log(`${programs} programs; most CPU time without charge, per request:`);
for (const { line } of worst) console.log(`  ${line}`);
clearInterval(awake);
process.exit(found.every((cost) => cost.isCharged) ? 0 : 1);
