import { describe, expect, it } from "vitest";
import { runCanary } from "./canary.ts";

describe("fresh state", () => {
  it("shows nothing of earlier runs, however they ended", async () => {
    const report = await runCanary({ count: 6000, seed: 1 });
    expect(report.leaks).toEqual([]);
    expect(Object.keys(report.endings)).toEqual(
      expect.arrayContaining([
        "return",
        "trap",
        "exit",
        "panic",
        "swallow",
        "wait",
        "reject",
        "abort",
        "grow",
      ]),
    );
    expect(report.strategies).toEqual(["reused-instance", "pooled-memory", "reused-instance"]);
  });

  it("finds stale state when nothing is restored", async () => {
    const report = await runCanary({ count: 200, seed: 1, leavesDirty: true });
    expect(report.leaks).toContain("memory differs from that of a first run");
    expect(report.leaks.some((leak) => leak.startsWith("globals"))).toBe(true);
  });
});
