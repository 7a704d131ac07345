// Programs get the same request over HTTP/1.1, over TLS and over HTTP/2, or all three are refused;
// scripts/fuzz-protocols.ts goes on for hours.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differencesOf } from "./ask-all.ts";
import { randomRequest } from "./random-requests.ts";

test("random requests are the same to programs on every protocol", async () => {
  const seen: string[] = [];
  const requests = fc.sample(randomRequest, { numRuns: 400, seed: 13 });
  await differencesOf(requests, (difference) => seen.push(difference));
  expect(seen).toEqual([]);
});
