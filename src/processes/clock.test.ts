import { describe, expect, it } from "vitest";
import { clockFrom, createWallClock, monotonicMs } from "./clock.ts";

describe("clockFrom", () => {
  it("counts from the base with the machine's monotonic clock", () => {
    const clock = clockFrom(1_000_000);
    const before = 1_000_000 + monotonicMs();
    const nowMs = clock.preciseNow();
    expect(nowMs).toBeGreaterThan(before - 1);
    expect(clock.preciseNow()).toBeGreaterThanOrEqual(nowMs);
    expect(Number.isInteger(clock.now())).toBe(true);
  });
});

describe("createWallClock", () => {
  function clockAt(readings: readonly (readonly [wallMs: number, monotonicMs: number])[]): number[] {
    let at = 0;
    const read = (index: 0 | 1) => () => readings[Math.max(0, at - 1)]![index];
    const clock = createWallClock(read(0), read(1));
    return readings.map(() => {
      at++;
      return clock();
    });
  }

  it("adds the fraction that has passed", () => {
    expect(
      clockAt([
        [100, 0],
        [100, 0.25],
        [101, 1.5],
      ]),
    ).toEqual([100, 100.25, 101.5]);
  });

  it("stays within the millisecond of the machine's clock, and never runs back on its own", () => {
    const readings: [number, number][] = [];
    for (let step = 0, wall = 1000.9; step < 2000; step++) {
      wall += 0.13;
      readings.push([Math.floor(wall), step * 0.131]);
    }
    const told = clockAt(readings);
    for (const [index, atMs] of told.entries()) {
      expect(Math.floor(atMs)).toBe(readings[index]![0]);
      expect(atMs).toBeGreaterThanOrEqual(told[index - 1] ?? 0);
    }
  });

  it("follows the machine's clock when it is set", () => {
    const told = clockAt([
      [1000, 0],
      [5000, 1],
      [2000, 2],
      [2001, 3],
    ]);
    expect(told.map(Math.floor)).toEqual([1000, 5000, 2000, 2001]);
  });
});
