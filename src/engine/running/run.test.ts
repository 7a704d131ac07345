import { describe, expect, it } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import {
  AMPLE,
  CHECK,
  IMPORT_KILL,
  IMPORT_MEMORY,
  loadWat,
  testState,
  withEngine,
  type TestState,
} from "../testing/fixtures.ts";
import type { Guest, RunOutcome } from "../types.ts";

/** Each takes 5 ms of CPU. */
const STEPS = 200;

async function runWat(
  text: string,
  state: TestState = testState(),
  limits = AMPLE,
  signal?: AbortSignal,
): Promise<RunOutcome> {
  return withEngine(async (engine) => {
    const program = await loadWat(engine, text);
    const outcome = await program.run(state, limits, signal);
    expect(engine.stats()).toMatchObject({ inFlight: 0, waiting: 0 });
    return outcome;
  });
}

function faultOf(outcome: RunOutcome): { code: string; message: string } {
  if (outcome.kind !== "fault") throw new Error(`The run ended as ${outcome.kind}`);
  return { code: outcome.error.code, message: outcome.error.message };
}

describe("a run", () => {
  it("calls start, _initialize and run in this order", async () => {
    const state = testState();
    const outcome = await runWat(
      `(module (import "env" "log" (func $log (param i32)))
        (func (export "run") (call $log (i32.const 3)))
        (func (export "_initialize") (call $log (i32.const 2)))
        (func (export "terrarium:start") (call $log (i32.const 1))))`,
      state,
    );
    expect(outcome.kind).toBe("returned");
    expect(state.log).toEqual([1, 2, 3]);
  });

  it("may wait in the start function", async () => {
    const state = testState();
    await runWat(
      `(module (import "env" "log" (func $log (param i32))) (import "env" "wait" (func $wait (param i32)
        (result i32)))
        (func (export "terrarium:start") (call $log (call $wait (i32.const 7))))
        (func (export "run") (call $log (i32.const 8))))`,
      state,
    );
    expect(state.log).toEqual([7, 8]);
  });

  it("runs without host functions and memory", async () => {
    const outcome = await runWat('(module (func (export "run")))');
    expect(outcome).toMatchObject({ kind: "returned", usage: { memoryBytes: 0 } });
  });

  it("whose time is up ends in the middle of a hostcall that checks", async () => {
    let steps = 0;
    const state = testState({
      call: (guest) => {
        for (steps = 0; steps < STEPS; steps++) {
          const until = process.threadCpuUsage().user + 5000;
          while (process.threadCpuUsage().user < until);
          guest.checkInterrupt();
        }
      },
    });
    const outcome = await runWat(
      `(module (import "env" "call" (func $call (param i32) (result i32)))
        (func (export "run") (drop (call $call (i32.const 0)))))`,
      state,
      { cpuMs: 20, wallMs: 30_000 },
    );
    expect(faultOf(outcome).code).toBe("TER_GUEST_LIMIT");
    expect(steps).toBeLessThan(STEPS);
  });

  it("lets the completion of a hostcall write memory in the guest's turn", async () => {
    const state = testState({
      wait: async (guest) => {
        await Promise.resolve();
        expect(() => guest.memory).toThrow("outside of the guest's turn");
        return () => {
          new Uint8Array(guest.memory!.buffer)[100] = 42;
          return 100;
        };
      },
    });
    await runWat(
      `(module ${IMPORT_MEMORY} (import "env" "log" (func $log (param i32))) (import "env" "wait" (func $wait
        (param i32) (result i32)))
        (func (export "run") (call $log (i32.load8_u (call $wait (i32.const 0))))))`,
      state,
    );
    expect(state.log).toEqual([42]);
  });

  it("sees the grown memory after the guest waited", async () => {
    const sizes: number[] = [];
    const state = testState({
      wait: async (guest) => {
        await Promise.resolve();
        return () => sizes.push(guest.memory!.buffer.byteLength);
      },
    });
    await runWat(
      `(module ${IMPORT_MEMORY} (import "env" "wait" (func $wait (param i32) (result i32)))
        (func (export "run") (drop (memory.grow (i32.const 2))) (drop (call $wait (i32.const 0)))))`,
      state,
    );
    expect(sizes).toEqual([3 * 65_536]);
  });

  it("aborts its signal however it ends", async () => {
    const signals: AbortSignal[] = [];
    const state = testState({ call: (guest) => void signals.push(guest.signal) });
    const module = (end: string): string =>
      `(module (import "env" "call" (func $call (param i32) (result i32))) ` +
      `(func (export "run") (drop (call $call (i32.const 0))) ${end}))`;
    await runWat(module(""), state);
    await runWat(module("unreachable"), state);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});

describe("a fault", () => {
  it.each([
    ["unreachable", "unreachable code was reached"],
    ["(drop (i32.div_s (i32.const 1) (i32.const 0)))", "division by zero"],
    ["(drop (i32.rem_u (i32.const 1) (i32.const 0)))", "division by zero"],
    ["(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer overflow in a division"],
    ["(drop (i32.trunc_f32_s (f32.const nan)))", "a float that does not fit its integer"],
    ["(drop (i32.load (i32.const 0xfffffff0)))", "out-of-bounds access of memory"],
    ["(memory.fill (i32.const 0xfffffff0) (i32.const 0) (i32.const 100))", "out-of-bounds access of memory"],
    ["(call_indirect (i32.const 1000))", "out-of-bounds access of a table"],
    ["(call_indirect (i32.const 1))", "indirect call of no function or of one with another type"],
    [
      "(call_indirect (param i32) (i32.const 0) (i32.const 0))",
      "indirect call of no function or of one with another type",
    ],
    ["(call $deep)", "stack overflow"],
    ["(throw $tag)", "an exception that it did not catch"],
  ])("tells that %s trapped", async (code, reason) => {
    const module = (imports: string): string =>
      `(module ${IMPORT_MEMORY} ${imports} (tag $tag) (table 10 funcref) (elem (i32.const 0) $deep)
        (func $deep (call $deep) (call $deep))
        (func (export "run") ${code}))`;
    const expected = { code: "TER_GUEST_TRAP", message: `The program trapped: ${reason}` };
    expect(faultOf(await runWat(module("")))).toEqual(expected);
    expect(faultOf(await runWat(module('(import "env" "log" (func (param i32)))')))).toEqual(expected);
  });

  it("reports a data segment that does not fit", async () => {
    const outcome = await runWat(
      `(module ${IMPORT_MEMORY} (data (i32.const 65530) "0123456789") (func (export "run")))`,
    );
    expect(faultOf(outcome).message).toBe("The program trapped: out-of-bounds access of memory");
  });

  it.each([
    ["panic", "fault"],
    ["exit", "exited"],
  ])("by %s cannot be caught by catch_all", async (end, kind) => {
    const outcome = await runWat(
      `(module ${IMPORT_MEMORY} (import "env" "${end}" (func $end (param i32)))
        (func (export "run") (try (do (call $end (i32.const 5))) (catch_all (drop (memory.grow
          (i32.const 1)))))))`,
    );
    // If a handler ran, it would have grown the memory.
    expect(outcome).toMatchObject({ kind, usage: { memoryBytes: 65_536 } });
  });

  it("of a host function after waiting cannot be caught either", async () => {
    const state = testState({
      wait: () => Promise.reject(new TerrariumError("TER_GUEST_PANIC", { message: "late" })),
    });
    const outcome = await runWat(
      `(module ${IMPORT_MEMORY} (import "env" "wait" (func $wait (param i32) (result i32)))
        (func (export "run") (try (do (drop (call $wait (i32.const 0)))) (catch_all (drop (memory.grow
          (i32.const 1)))))))`,
      state,
    );
    expect(faultOf(outcome).message).toBe("The program panicked: late");
    expect(outcome.usage.memoryBytes).toBe(65_536);
  });

  it("of the host itself is reported as a bug in Terrarium", async () => {
    const state = testState({
      call: () => {
        throw new TypeError("broken");
      },
    });
    const outcome = await runWat(
      '(module (import "env" "call" (func $call (param i32) (result ' +
        'i32))) (func (export "run") (drop (call $call (i32.const 0)))))',
      state,
    );
    expect(faultOf(outcome)).toMatchObject({ code: "TER_INTERNAL" });
  });

  it("at load time names an import that the host does not provide", async () => {
    for (const name of ["missing", "constructor", "__proto__"]) {
      const text = `(module (import "env" "${name}" (func (param i32))) (func (export "run")))`;
      await withEngine((engine) =>
        expect(loadWat(engine, text)).rejects.toMatchObject({
          code: "TER_WASM_UNKNOWN_IMPORT",
          details: { name },
        }),
      );
    }
  });

  it("carries the frames of the guest, innermost first", async () => {
    const body =
      "(func $inner (call $end (i32.const 1))) (func $outer " +
      '(call $inner)) (func (export "run") (call $outer)))';
    const trapped = await runWat(`(module (func $end (param i32) unreachable) ${body}`);
    const panicked = await runWat(`(module (import "env" "panic" (func $end (param i32))) ${body}`);
    expect(trapped).toMatchObject({
      frames: [
        { functionName: "end" },
        { functionName: "inner" },
        { functionName: "outer" },
        { functionIndex: 3 },
      ],
    });
    expect(panicked).toMatchObject({
      frames: [{ functionName: "inner" }, { functionName: "outer" }, { functionIndex: 3 }],
    });
  });
});

describe("a function of the guest that the host calls", () => {
  const text = `(module (import "env" "call" (func $call (param i32) (result i32))) (import "env" "wait"
    (func $wait (param i32) (result i32)))
    (table (export "terrarium:table") 1 funcref) (elem (i32.const 0) $malloc)
    (func $malloc (result i32) (call $wait (i32.const 1)))
    (func (export "run") (drop (call $call (i32.const 0))) (drop (call $wait (i32.const 0)))))`;
  const callGuest = (guest: Guest<TestState>): number => (guest.table!.get(0) as () => number)();

  it("must not call anything that may wait, neither below a hostcall nor below a completion", async () => {
    const expected = {
      code: "TER_GUEST_TRAP",
      message: "The program trapped: a call that may wait, from a function that the host had called",
    };
    expect(faultOf(await runWat(text, testState({ call: callGuest })))).toEqual(expected);
    const completing = testState({
      wait: async (guest, value) => (value === 0 ? () => callGuest(guest) : 1),
    });
    expect(faultOf(await runWat(text, completing))).toEqual(expected);
  });
});

describe("a recursion without end", () => {
  it.each(["log", "wait", "call"])("through the import %s leaves the host its stack", async (name) => {
    let shallowest = Number.POSITIVE_INFINITY;
    const probe = (): number => {
      let depth = 0;
      const descend = (): void => {
        depth += 1;
        if (depth < 2000) descend();
      };
      try {
        descend();
      } finally {
        shallowest = Math.min(shallowest, depth);
      }
      return 0;
    };
    const state = testState({ wait: probe, call: probe });
    const signature = name === "log" ? "(param i32)" : "(param i32) (result i32)";
    const drop = name === "log" ? "call $import (i32.const 0)" : "drop (call $import (i32.const 0))";
    const outcome = await runWat(
      `(module (import "env" "${name}" (func $import ${signature})) (func $deep ` +
        `(${drop}) (call $deep) (call $deep)) (func (export "run") (call $deep)))`,
      state,
    );
    expect(faultOf(outcome).message).toBe("The program trapped: stack overflow");
    if (name !== "log") expect(shallowest).toBe(2000);
  });
});

describe("limits", () => {
  const LOOP = `(loop $again ${CHECK()} (br $again))`;

  it("stop a guest that computes", async () => {
    const outcome = await runWat(
      `(module ${IMPORT_KILL} (func (export "run") ${LOOP.replace("$kill", "")}))`,
      testState(),
      { cpuMs: 100, wallMs: 30_000 },
    );
    expect(faultOf(outcome)).toMatchObject({
      code: "TER_GUEST_LIMIT",
      message: /CPU time: used \d+ ms, the limit is 100 ms/,
    });
    expect(outcome.usage.cpuMs).toBeGreaterThan(90);
  });

  it("stop a guest at its wall limit while it computes", async () => {
    const outcome = await runWat(
      `(module ${IMPORT_KILL} (func (export "run") ${LOOP.replace("$kill", "")}))`,
      testState(),
      { cpuMs: 10_000, wallMs: 100 },
    );
    expect(faultOf(outcome).message).toMatch(/wall time: used \d+ ms, the limit is 100 ms/);
  });

  it("stop a guest that waits forever", async () => {
    const state = testState({ wait: () => new Promise(() => undefined) });
    const outcome = await runWat(
      '(module (import "env" "wait" (func $wait (param i32) (result ' +
        'i32))) (func (export "run") (drop (call $wait (i32.const 0)))))',
      state,
      { cpuMs: 1000, wallMs: 100 },
    );
    expect(faultOf(outcome).message).toMatch(/wall time: used \d+ ms, the limit is 100 ms/);
  });

  it("sum CPU time over slices", async () => {
    const spin = testState({
      wait: async () => () => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return 0;
      },
    });
    const outcome = await runWat(
      '(module (import "env" "wait" (func $wait (param i32) (result i32))) (func ' +
        '(export "run") (loop $again (drop (call $wait (i32.const 0))) (br $again))))',
      spin,
      { cpuMs: 50, wallMs: 10_000 },
    );
    expect(faultOf(outcome).message).toMatch(/CPU time/);
  });

  it("stop a malloc that loops in the completion of a hostcall", async () => {
    const state = testState({ wait: async (guest) => () => (guest.table!.get(0) as () => number)() });
    const outcome = await runWat(
      `(module ${IMPORT_KILL} (import "env" "wait" (func $wait (param i32) (result i32)))
        (table (export "terrarium:table") 1 funcref) (elem (i32.const 0) $malloc)
        (func $malloc (result i32) ${LOOP.replace("$kill", "")} (i32.const 0))
        (func (export "run") (drop (call $wait (i32.const 0)))))`,
      state,
      { cpuMs: 100, wallMs: 10_000 },
    );
    expect(faultOf(outcome).message).toMatch(/CPU time/);
  });
});

describe("a client that disconnects", () => {
  it("ends a guest that waits", async () => {
    const client = new AbortController();
    const state = testState({
      wait: () => {
        setImmediate(() => client.abort());
        return new Promise(() => undefined);
      },
    });
    const outcome = await runWat(
      `(module (import "env" "log" (func $log (param i32))) (import "env" "wait" (func $wait (param i32)
        (result i32)))
        (func (export "run") (drop (call $wait (i32.const 0))) (call $log (i32.const 666))))`,
      state,
      AMPLE,
      client.signal,
    );
    expect(faultOf(outcome).code).toBe("TER_GUEST_ABORTED");
    expect(state.log).toEqual([]);
  });

  it("leaves others no memory that a hostcall may still write to", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(
        engine,
        `(module ${IMPORT_MEMORY} (import "env" "wait" (func $wait (param i32) ` +
          `(result i32))) (func (export "run") (drop (call $wait (i32.const 0)))))`,
      );
      for (const [settles, pooled] of [
        [false, 0],
        [true, 1],
      ] as const) {
        const client = new AbortController();
        const wait = async (): Promise<number> => {
          if (settles) return 0;
          setImmediate(() => client.abort());
          return new Promise(() => undefined);
        };
        await program.run(testState({ wait }), AMPLE, client.signal);
        expect(engine.stats().pooled.memories).toBe(pooled);
      }
    });
  });

  it("before the run starts keeps it from starting", async () => {
    const state = testState();
    const outcome = await runWat(
      '(module (import "env" "log" (func $log (param i32))) ' +
        '(func (export "run") (call $log (i32.const 666))))',
      state,
      AMPLE,
      AbortSignal.abort(),
    );
    expect(faultOf(outcome).code).toBe("TER_GUEST_ABORTED");
    expect(state.log).toEqual([]);
  });
});
