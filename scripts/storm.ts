// A storm of kills for as long as wanted: `node bin/node26.mjs scripts/storm.ts [MINUTES] [SEED]`. Prints a
// row for each round of a minute, and ends with 1 if a history could not have happened.
import { runStorm } from "../tests/storm/storm.ts";

const [minutes = "1", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
let broken = 0;
process.stdout.write(
  "round | seed | killed | frozen | requests | acknowledged | unanswered | longest gap | wrong\n",
);
for (let round = 1; round <= Number(minutes); round++) {
  const roundSeed = Number(seed) + round;
  const { killed, frozen, requests, acknowledged, unanswered, longestGapMs, violations } = await runStorm({
    durationMs: 60_000,
    seed: roundSeed,
  });
  broken += violations.length;
  process.stdout.write(
    `${round} | ${roundSeed} | ${killed} | ${frozen} | ${requests} | ${acknowledged} | ${unanswered} | ` +
      `${longestGapMs} ms | ${violations.length}\n`,
  );
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
}
process.exit(broken === 0 ? 0 : 1);
