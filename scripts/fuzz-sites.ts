// Asks a real edge for files of random sites until the time is over:
// `node bin/node26.mjs scripts/fuzz-sites.ts [minutes] [seed]`; tests/sites/sites.test.ts is brief.
import * as fc from "fast-check";
import { openHttp2, respond, startTestEdge } from "../tests/edge/edge-fixture.ts";
import { siteProblem } from "../tests/sites/check-site.ts";
import { randomRequest, randomSite } from "../tests/sites/random-sites.ts";

const [minutes = 60, firstSeed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const endMs = performance.now() + minutes * 60_000;
const edge = await startTestEdge();
const problems = new Set<string>();
let requests = 0;
for (let seed = firstSeed; performance.now() < endMs; seed += 1) {
  const id = `site-${seed}`;
  const [site] = fc.sample(randomSite, { numRuns: 1, seed });
  if (site === undefined) continue;
  await edge.deploy(id, () => respond(200, "program"), { assets: site.files });
  const session = openHttp2(edge, id);
  for (const request of fc.sample(randomRequest(site), { numRuns: 100, seed })) {
    requests += 1;
    const problem = await siteProblem(edge, session, id, site, request);
    if (problem === null || problems.has(problem)) continue;
    problems.add(problem);
    process.stdout.write(`seed ${seed}: ${problem}\n${JSON.stringify(request)}\n\n`);
  }
  session.close();
}
await edge[Symbol.asyncDispose]();
process.stdout.write(`${requests} requests from seed ${firstSeed}: ${problems.size} kinds of problem\n`);
process.exitCode = problems.size === 0 ? 0 : 1;
