// Half a minute of kills and freezes; `node bin/node26.mjs scripts/storm.ts MINUTES` goes on for longer.
import { expect, test } from "vitest";
import { runStorm } from "./storm.ts";

test(
  "no acknowledged append is lost, and no read is stale, whatever is killed or frozen",
  { timeout: 180_000 },
  async () => {
    const report = await runStorm({ durationMs: 30_000, seed: 7 });
    expect(report.violations).toEqual([]);
    expect(report.killed).toBeGreaterThan(5);
    expect(report.acknowledged).toBeGreaterThan(report.killed);
  },
);
