// Searches for the hostcall with the most host time per charged unit:
// `node bin/node26.mjs scripts/fuzz-hostcall-cost.ts [seconds] [seed]`. Ends with 1 if a call went on for
// longer than 20 ms without looking whether its run's time is up, measured twice.
import { costOf, searchCost, type Cost } from "../src/hostcalls/testing/cost.ts";

const MAX_UNCHECKED_MS = 20;
const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Date.now());
const endMs = performance.now() + seconds * 1000;
const suspects: Cost[] = [];
let count = 0;
const best = await searchCost(
  seed,
  (tried) => ((count = tried), performance.now() > endMs),
  (cost) => void (cost.uncheckedMs > MAX_UNCHECKED_MS && suspects.push(cost)),
);
process.stdout.write(`${count} calls, seed ${seed}. Most host time per charged unit:\n`);
for (const cost of best.slice(0, 10)) process.stdout.write(`${line(cost)}\n`);
let failed = 0;
for (const { call } of suspects) {
  const again = await costOf(call);
  if (again.uncheckedMs <= MAX_UNCHECKED_MS) continue;
  failed += 1;
  process.stdout.write(`Did not look for ${again.uncheckedMs.toFixed(1)} ms: ${line(again)}\n`);
}
process.exit(failed === 0 ? 0 : 1);

function line({ call, ms, units, nsPerUnit, ending }: Cost): string {
  const args = call.args.join(", ");
  const found = `${call.name}(${args}) with bytes ${call.bytes}, slices of ${call.sliceBytes}: ${ending}`;
  return `${nsPerUnit.toFixed(1)} ns/unit, ${ms.toFixed(2)} ms, ${units} units: ${found}`;
}
