import { describe, expect, it } from "vitest";
import { ControlBlock, type KillReason } from "./control-block.ts";
import { watch } from "./watch.ts";

/** A block whose ticker ends with its first kill. */
class OneKillBlock extends ControlBlock {
  override kill(slice: number, reason: KillReason): boolean {
    this.stop();
    return super.kill(slice, reason);
  }
}

/** Watches one slice with clocks that advance at each look, for at most 30 looks; tells why it was killed. */
function watchOnce(start: { cpuBudgetMs: number; wallDeadlineMs: number }, step: { nowMs: number; cpuMs: number | null }): KillReason | null {
  const block = new OneKillBlock(new SharedArrayBuffer(256));
  block.open({ beganMs: 0, cpuClockMs: 0, ...start });
  let looks = 0;
  const now = (): number => {
    looks += 1;
    if (looks > 30) block.stop();
    return looks * step.nowMs;
  };
  watch(block, { read: () => (step.cpuMs === null ? null : looks * step.cpuMs), close: () => undefined }, now);
  return block.killed;
}

describe("the ticker", () => {
  const far = 1e9;

  it("kills a slice that used up its CPU time", () => {
    expect(watchOnce({ cpuBudgetMs: 50, wallDeadlineMs: far }, { nowMs: 10, cpuMs: 10 })).toBe("cpu");
  });

  it("spares a slice whose thread did not get the processor", () => {
    expect(watchOnce({ cpuBudgetMs: 50, wallDeadlineMs: far }, { nowMs: 10, cpuMs: 0.1 })).toBeNull();
  });

  it("kills a slice at its wall deadline", () => {
    expect(watchOnce({ cpuBudgetMs: far, wallDeadlineMs: 50 }, { nowMs: 10, cpuMs: 0.1 })).toBe("wall");
  });

  it("goes by the time that passes where the system tells no CPU time", () => {
    expect(watchOnce({ cpuBudgetMs: 50, wallDeadlineMs: far }, { nowMs: 10, cpuMs: null })).toBe("cpu");
  });
});
