import { setImmediate, setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../config/limits.ts";
import { AMPLE, IMPORT_MEMORY, loadWat, type TestState, testState, withEngine } from "../testing/fixtures.ts";
import { ControlBlock } from "../ticker/control-block.ts";
import { ownCpuClockMs } from "../ticker/cpu-clock.ts";
import type { Engine, RunOutcome } from "../types.ts";
import { type TurnTaker, Turns } from "./turns.ts";

/** A taker that notes its turns. */
function taker(takeTurn: () => void): TurnTaker {
  return { cpuLeftMs: 100, wallDeadlineMs: Number.POSITIVE_INFINITY, program: 0, takeTurn };
}

describe("turns", () => {
  it("are given one at a time and in order", async () => {
    const block = new ControlBlock(new SharedArrayBuffer(256));
    const turns = new Turns(block);
    const order: string[] = [];
    turns.begin(taker(() => order.push("first")));
    turns.begin(taker(() => order.push("second")));
    turns.begin(taker(() => order.push("third")));
    await setImmediate();
    expect(order).toEqual(["first"]);
    turns.end();
    expect(order).toEqual(["first"]);
    await setImmediate();
    expect(order).toEqual(["first", "second"]);
    turns.end();
    await setImmediate();
    expect(order).toEqual(["first", "second", "third"]);
    turns.end();
  });

  it("arm the kill word with their own number and disarm it at their end", () => {
    const block = new ControlBlock(new SharedArrayBuffer(256));
    const turns = new Turns(block);
    const numbers: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      turns.begin(taker(() => numbers.push(block.current)));
      turns.end();
      expect(block.current).toBe(0);
    }
    expect(numbers).toEqual([1, 2, 3]);
  });

  it("let the event loop turn between guests that compute", async () => {
    const turns = new Turns(new ControlBlock(new SharedArrayBuffer(256)));
    const order: string[] = [];
    const spin = (name: string): TurnTaker =>
      taker(() => {
        const until = performance.now() + 6;
        while (performance.now() < until);
        order.push(name);
        queueMicrotask(() => turns.end());
      });
    turns.begin(spin("one"));
    turns.begin(spin("two"));
    void setImmediate().then(() => order.push("socket"));
    await setTimeout(30);
    expect(order).toEqual(["one", "socket", "two"]);
  });
});

const SLICE = { beganMs: 0, cpuClockMs: 0, cpuBudgetMs: 1, wallDeadlineMs: 1, program: 0 };

describe("the charge for a slice", () => {
  it("is the thread's CPU time, not the time that another process held the processor", () => {
    const clocks = { now: 1000, cpu: 500 };
    const turns = new Turns(new ControlBlock(new SharedArrayBuffer(256)), {
      nowMs: () => clocks.now,
      cpuMs: () => clocks.cpu,
    });
    turns.begin(taker(() => undefined));
    clocks.now += 300;
    clocks.cpu += 5;
    expect(turns.end()).toEqual({ cpuMs: 5, killed: null });
    turns.begin(taker(() => undefined));
    clocks.now += 0.01;
    expect(turns.end().cpuMs).toBeCloseTo(0.01);
  });
});

describe("a kill", () => {
  it("that comes late hits no later slice", () => {
    const block = new ControlBlock(new SharedArrayBuffer(256));
    const first = block.open(SLICE);
    block.close();
    const second = block.open(SLICE);
    expect(block.kill(first, "cpu")).toBe(false);
    expect(block.killed).toBeNull();
    expect(block.kill(second, "wall")).toBe(true);
    expect(block.close()).toBe("wall");
  });
});

describe("a guest whose hostcalls answer at once", () => {
  it("lets the event loop turn", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(
        engine,
        '(module (import "env" "wait" (func $wait (param i32) (result i32))) (func ' +
          '(export "run") (loop $again (drop (call $wait (i32.const 0))) (br $again))))',
      );
      let turned = 0;
      const count = setInterval(() => (turned += 1), 1);
      await program.run(testState({ wait: () => Promise.resolve(0) }), { cpuMs: 100, wallMs: 10_000 });
      clearInterval(count);
      expect(turned).toBeGreaterThan(5);
    });
  });
});

describe("guests that wait and resume at once", () => {
  it("each run until their next wait without another in between", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(
        engine,
        `(module (import "env" "log" (func $log (param i32))) (import "env" "wait" (func $wait (param i32)
          (result i32)))
          (func (export "run") (local $left i32) (local.set $left (i32.const 20))
            (loop $again
              (call $log (i32.const 1)) (call $log (i32.const 2)) (call $log (i32.const 3))
              (drop (call $wait (i32.const 0)))
              (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))`,
      );
      const trace: string[] = [];
      const run = async (name: string): Promise<void> => {
        const log = { push: (value: number) => trace.push(`${name}${value}`) } as unknown as number[];
        await program.run({ log, wait: () => Promise.resolve(0) }, AMPLE);
      };
      await Promise.all(["a", "b", "c", "d"].map(run));
      expect(trace).toHaveLength(4 * 20 * 3);
      for (let at = 0; at < trace.length; at += 3) {
        const name = trace[at]![0]!;
        expect(trace.slice(at, at + 3)).toEqual([`${name}1`, `${name}2`, `${name}3`]);
      }
    });
  });

  it("charge their CPU time to no other run", async () => {
    await withEngine(async (engine) => {
      const module = (work: string): string =>
        `(module (import "env" "call" (func $call (param i32) (result i32))) (import "env" "wait" (func $wait
          (param i32) (result i32)))
          (func (export "run") (drop (call $wait (i32.const 0))) ${work} (drop (call $wait (i32.const 0)))))`;
      const busy = await loadWat(engine, module("(drop (call $call (i32.const 60)))"));
      const idle = await loadWat(engine, module(""));
      const spin = (_: unknown, ms: number): void => {
        const until = ownCpuClockMs() + ms;
        while (ownCpuClockMs() < until);
      };
      const outcomes = await Promise.all([
        busy.run(testState({ call: spin }), AMPLE),
        ...Array.from({ length: 5 }, () => idle.run(testState(), AMPLE)),
      ]);
      expect(outcomes[0]!.usage.cpuMs).toBeGreaterThan(50);
      for (const outcome of outcomes.slice(1)) expect(outcome.usage.cpuMs).toBeLessThan(10);
    });
  });
});

describe("many guests that wait", () => {
  it("are refused beyond the limit, before they begin", async () => {
    const body = async (engine: Engine<TestState>): Promise<void> => {
      const program = await loadWat(
        engine,
        '(module (import "env" "wait" (func $wait (param i32) (result ' +
          'i32))) (func (export "run") (drop (call $wait (i32.const 0)))))',
      );
      const gate = Promise.withResolvers<number>();
      const run = (): Promise<RunOutcome> => program.run(testState({ wait: () => gate.promise }), AMPLE);
      const admitted = [run(), run()];
      expect(await run()).toMatchObject({ kind: "fault", error: { code: "TER_EDGE_BUSY" } });
      gate.resolve(0);
      expect((await Promise.all(admitted)).map(({ kind }) => kind)).toEqual(["returned", "returned"]);
      expect((await run()).kind).toBe("returned");
    };
    await withEngine(body, { limits: { ...DEFAULT_LIMITS, requestsInFlight: 2 } });
  });

  it("all end, and leave nothing behind", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(
        engine,
        `(module ${IMPORT_MEMORY} (import "env" "wait" (func $wait (param i32) ` +
          `(result i32))) (func (export "run") (drop (call $wait (i32.const 0)))))`,
      );
      const gate = Promise.withResolvers<number>();
      const runs = Array.from({ length: 1000 }, () =>
        program.run(testState({ wait: () => gate.promise }), AMPLE),
      );
      await setImmediate();
      expect(program.inFlight).toBe(1000);
      expect(engine.stats()).toMatchObject({ inFlight: 1000, waiting: 1000 });
      gate.resolve(0);
      const outcomes = await Promise.all(runs);
      expect(outcomes.every(({ kind }) => kind === "returned")).toBe(true);
      program.dispose();
      expect(engine.stats()).toMatchObject({
        programs: 0,
        inFlight: 0,
        waiting: 0,
        pooled: { memories: 0, bytes: 0 },
      });
    });
  });
});
