import { expect, it } from "vitest";
import { fuzzHostcalls } from "./testing/fuzz.ts";

it("random hostcalls end in a number, a fault, an exit or a trap, and leave nothing behind", async () => {
  const report = await fuzzHostcalls(20_000, 1);
  expect(report.bugs).toEqual([]);
  expect(report.leaks).toBe(0);
  // Not all arguments may be refused immediately.
  expect(report.endings["number"]).toBeGreaterThan(4000);
  expect(report.endings["TER_GUEST_BAD_CALL"]).toBeGreaterThan(1000);
});
