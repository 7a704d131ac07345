// Random static sites on a real edge; scripts/fuzz-sites.ts goes on for hours.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEdge, type TestEdge } from "../edge/edge-fixture.ts";
import { checkSite } from "./check-site.ts";

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
  const problems: string[] = [];
  await checkSite(edge, seed, 40, (problem) => problems.push(problem));
  expect(problems).toEqual([]);
});
