// Half a minute of kills and freezes; `npm run bench -- storm` goes on for an hour.
import { expect, test } from "vitest";
import { runStorm } from "./storm.ts";

test(
  "no acknowledged append is lost, and no read is stale, whatever is killed or frozen",
  { timeout: 240_000 },
  async () => {
    for await (const report of runStorm({ rounds: 1, roundMs: 30_000, seed: 7 })) {
      expect(report.violations).toEqual([]);
      expect(report.stayedDown).toBe(false);
      expect(report.killed).toBeGreaterThan(5);
      expect(report.acknowledged).toBeGreaterThan(report.killed);
    }
  },
);
