// Random static sites on a real edge; scripts/fuzz-sites.ts goes on for hours.
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHttp2, respond, startTestEdge, type TestEdge } from "../edge/edge-fixture.ts";
import { siteProblem } from "./check-site.ts";
import { randomRequest, randomSite } from "./random-sites.ts";

let edge: TestEdge;
/** Dates without a zone are GMT, wherever the machine is. */
const zone = process.env["TZ"];
beforeAll(async () => {
  process.env["TZ"] = "America/New_York";
  edge = await startTestEdge();
});
afterAll(async () => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
  await edge[Symbol.asyncDispose]();
});

test.each(Array.from({ length: 12 }, (_, index) => index))("site %i is served as HTTP says", async (seed) => {
  const id = `site-${seed}`;
  const [site] = fc.sample(randomSite, { numRuns: 1, seed });
  await edge.deploy(id, () => respond(200, "program"), { assets: site!.files });
  const session = openHttp2(edge, id);
  for (const request of fc.sample(randomRequest(site!), { numRuns: 40, seed })) {
    const problem = await siteProblem(edge, session, id, site!, request);
    expect(problem, JSON.stringify(request)).toBeNull();
  }
  session.close();
});
