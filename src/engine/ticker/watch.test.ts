import { describe, expect, it } from "vitest";
import { ControlBlock, type KillReason } from "./control-block.ts";
import { STUCK_MS, watch } from "./watch.ts";

/** A block whose ticker ends with its first kill. */
class OneKillBlock extends ControlBlock {
  override kill(slice: number, reason: KillReason): boolean {
    this.stop();
    return super.kill(slice, reason);
  }
}

/** Watches one slice with clocks that advance at each look, for at most 30 looks; tells why it was killed. */
function watchOnce(
  start: { cpuBudgetMs: number; wallDeadlineMs: number },
  step: { nowMs: number; cpuMs: number | null },
): KillReason | null {
  const block = new OneKillBlock(new SharedArrayBuffer(256));
  block.open({ beganMs: 0, cpuClockMs: 0, program: 0, ...start });
  let looks = 0;
  const now = (): number => {
    looks += 1;
    if (looks > 30) block.stop();
    return looks * step.nowMs;
  };
  const clock = { read: () => (step.cpuMs === null ? null : looks * step.cpuMs), close: () => undefined };
  watch({ block, clock, now, onStuck: () => expect.unreachable() });
  return block.killed;
}

/**
 * Watches a slice that is killed after 50 ms, with clocks that advance by 100 ms and by `cpuMs` a look, until
 * the ticker would sleep.
 */
function watchKilled(
  { cpuMs, endsAtMs = Infinity }: { cpuMs: number; endsAtMs?: number },
  onStuck: (program: number, atMs: number) => void,
): void {
  const block = new ControlBlock(new SharedArrayBuffer(256));
  block.open({ beganMs: 0, cpuClockMs: 0, cpuBudgetMs: 1e9, wallDeadlineMs: 50, program: 7 });
  block.pause = () => undefined;
  block.sleep = () => block.stop();
  let looks = 0;
  const now = () => {
    if (++looks > 100) block.stop();
    if (looks * 100 >= endsAtMs) block.close();
    return looks * 100;
  };
  watch({
    block,
    clock: { read: () => looks * cpuMs, close: () => undefined },
    now,
    onStuck: (program) => onStuck(program, looks * 100),
  });
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

  it("tells of a slice that goes on after its kill, once, and whose it is", () => {
    const stuck: [program: number, atMs: number][] = [];
    watchKilled({ cpuMs: 100 }, (program, atMs) => stuck.push([program, atMs]));
    expect(stuck).toEqual([[7, expect.any(Number)]]);
    expect(stuck[0]![1]).toBeGreaterThan(50 + STUCK_MS);
  });

  it("leaves a killed slice alone that does not get the processor, and one that ends", () => {
    watchKilled({ cpuMs: 0 }, () => expect.unreachable());
    watchKilled({ cpuMs: 100, endsAtMs: 1000 }, () => expect.unreachable());
  });

  it("goes by the time that passes where the system tells no CPU time", () => {
    expect(watchOnce({ cpuBudgetMs: 50, wallDeadlineMs: far }, { nowMs: 10, cpuMs: null })).toBe("cpu");
  });
});
