// `node bin/node26.mjs scripts/canary.ts --count 1000000`: the canary at full length, then its mutation
// proof. Ends with 1 if anything of an earlier run was seen, or if the proof did not notice that nothing was
// restored.
import { parseArgs } from "node:util";
import { runCanary } from "../src/engine/testing/canary.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const seed = Number(values.seed);
const began = performance.now();
const report = await runCanary({ count: Number(values.count), seed });
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `${report.runs} runs in ${seconds} s ` +
    `(${report.strategies.join(", ")}), endings ${JSON.stringify(report.endings)}\n`,
);
for (const leak of report.leaks) process.stdout.write(`LEAK ${leak}\n`);

const proof = await runCanary({ count: 1000, seed, leavesDirty: true });
process.stdout.write(
  proof.leaks.length > 0
    ? `without restoring: leak found (${proof.leaks[0]})\n`
    : "without restoring: NOT NOTICED\n",
);
process.exitCode = report.leaks.length === 0 && proof.leaks.length > 0 ? 0 : 1;
