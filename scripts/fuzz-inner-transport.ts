// Sends random connections through edge, peer and control socket until the time is over, and checks each:
// `node bin/node26.mjs scripts/fuzz-inner-transport.ts [minutes] [seed]`.
// tests/attacks/inner-transport.test.ts does the same for a moment.
import * as fc from "fast-check";
import { checkConnection } from "../tests/attacks/inner-oracle.ts";
import { HOSTS, startInnerWorld } from "../tests/attacks/inner-world.ts";
import { randomConnection } from "../tests/attacks/random-heads.ts";

const [minutes = 60, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const RUNS_A_ROUND = 500;
const endMs = performance.now() + minutes * 60_000;

await using world = await startInnerWorld();
let connections = 0;
for (let round = 0; performance.now() < endMs; round += 1) {
  for (const host of HOSTS) {
    const property = fc.asyncProperty(randomConnection(host), (bytes) => checkConnection(world, bytes));
    await fc.assert(property, { numRuns: RUNS_A_ROUND, seed: seed + round });
    connections += RUNS_A_ROUND;
  }
  // What the edge refused never arrives, and need not be kept.
  world.understood.length = 0;
}
const { requests } = world.edge.edge.stats();
process.stdout.write(
  `${connections} connections with ${requests} requests, seed ${seed}: all arrived as sent\n`,
);
process.exit(0);
