// Asks a real edge for files of random sites until the time is over:
// `node bin/node26.mjs scripts/fuzz-sites.ts [minutes] [seed]`; tests/sites/sites.test.ts is brief.
import { startTestEdge } from "../tests/edge/edge-fixture.ts";
import { checkSite } from "../tests/sites/check-site.ts";

const REQUESTS_PER_SITE = 100;
const [minutes = 60, firstSeed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const endMs = performance.now() + minutes * 60_000;
const edge = await startTestEdge();
let [seed, problems] = [firstSeed, 0];
for (; performance.now() < endMs; seed += 1)
  await checkSite(edge, seed, REQUESTS_PER_SITE, (problem) => {
    problems += 1;
    process.stdout.write(`seed ${seed}: ${problem}\n\n`);
  });
await edge[Symbol.asyncDispose]();
const requests = (seed - firstSeed) * REQUESTS_PER_SITE;
process.stdout.write(`${requests} requests from seed ${firstSeed}: ${problems} problems\n`);
process.exitCode = problems === 0 ? 0 : 1;
