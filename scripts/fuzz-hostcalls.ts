// Many random hostcalls: `node bin/node26.mjs scripts/fuzz-hostcalls.ts [calls] [seed]`. Ends with 1 if one
// did what no guest may cause.
import { fuzzHostcalls } from "../src/hostcalls/testing/fuzz.ts";

const calls = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now());
const uncaught: unknown[] = [];
process.on("uncaughtException", (error) => uncaught.push(error));
process.on("unhandledRejection", (error) => uncaught.push(error));
const began = performance.now();
const report = await fuzzHostcalls(calls, seed);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `${calls} calls in ${seconds} s, seed ${seed}: ` +
    `${JSON.stringify(report.endings)}, leaks ${report.leaks}, uncaught ${uncaught.length}\n`,
);
for (const bug of report.bugs.slice(0, 20)) process.stdout.write(`${bug}\n`);
process.exit(report.bugs.length + report.leaks + uncaught.length === 0 ? 0 : 1);
