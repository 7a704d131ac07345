// The engine and the rewriter together: modules as authors build them go through the rewriter and run on the
// engine.
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/limits.ts";
import { rewriteModule } from "../wasm/index.ts";
import { AMPLE, assembleWat, TEST_TYPES, testState, type TestState, withEngine } from "./testing/fixtures.ts";
import type { RunLimits, RunOutcome, Strategy } from "./types.ts";

interface Ran {
  readonly outcome: RunOutcome;
  readonly strategy: Strategy;
}

/** Rewrites a module and runs it `times` times; returns the last run. */
async function runRewritten(
  text: string,
  options: { state?: () => TestState; limits?: RunLimits; times?: number } = {},
): Promise<Ran> {
  const rewritten = rewriteModule(assembleWat(text), {
    maxMemoryPages: 1024,
    maxTableEntries: 1000,
    hostImports: TEST_TYPES,
    interruptible: true,
  });
  return withEngine(async (engine) => {
    const program = await engine.load(rewritten);
    for (let time = 1; time < (options.times ?? 1); time += 1)
      await program.run(options.state?.() ?? testState(), AMPLE);
    const outcome = await program.run(options.state?.() ?? testState(), options.limits ?? AMPLE);
    return { outcome, strategy: program.strategy };
  });
}

describe("a trap", () => {
  it("shows function names, and offsets in the module before the rewrite", async () => {
    const text = `(module (memory 1)
      (func $inner (param $n i32) (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i32.store (i32.const -1) (i32.const 0)))
      (func $outer (call $inner (i32.const 3)))
      (func (export "run") (call $outer)))`;
    const { outcome } = await runRewritten(text);
    if (outcome.kind !== "fault") throw new Error(outcome.kind);
    const original = originalFrames(text);
    expect(
      outcome.frames.map(({ functionIndex, functionName, offset }) => [functionIndex, functionName, offset]),
    ).toEqual(original);
  });

  it("inside a bulk operation shows the calling function", async () => {
    const { outcome } = await runRewritten(
      "(module (memory 1) (func $clear (param $n i32) (memory.fill (i32.const 0) (i32.const " +
        '0) (local.get $n))) (func (export "run") (call $clear (i32.const 100000))))',
    );
    expect(outcome).toMatchObject({
      kind: "fault",
      error: { code: "TER_GUEST_TRAP" },
      frames: [{ functionName: "clear" }, { functionIndex: 1 }],
    });
  });
});

it("a recursion without end leaves host functions their stack", async () => {
  const descend = (left: number): number => (left === 0 ? 0 : 1 + descend(left - 1));
  const reached = new Set<number | null>();
  const probe = (): void => {
    reached.add(null);
    reached.add(descend(2000));
    reached.delete(null);
  };
  const text =
    '(module (import "env" "call" (func $call (param i32) (result i32))) (func $deep (drop ' +
    '(call $call (i32.const 0))) (call $deep)) (func (export "run") (call $deep)))';
  const { outcome } = await runRewritten(text, { state: () => ({ ...testState(), call: probe }) });
  expect(outcome).toMatchObject({ kind: "fault", error: { details: { trap: "stack overflow" } } });
  expect([...reached]).toEqual([2000]);
});

/** Frames of the original module, from V8. */
function originalFrames(text: string): unknown[] {
  const bytes = assembleWat(text);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  try {
    (instance.exports["run"] as unknown as () => void)();
  } catch (error) {
    const frames = [
      ...String((error as Error).stack).matchAll(
        /at (?:(\w+) \()?wasm:.*?wasm-function\[(\d+)\]:0x([0-9a-f]+)/g,
      ),
    ];
    return frames.map(([, name, index, offset]) => [
      Number(index),
      name ?? null,
      Number.parseInt(offset!, 16),
    ]);
  }
  throw new Error("It did not trap");
}

describe("fresh state", () => {
  const COUNTER = `(import "env" "log" (func $log (param i32))) (global $count (mut i32) (i32.const 0))
    (func $count (global.set $count (i32.add (global.get $count) (i32.const 1))) (call $log
      (global.get $count)))`;

  async function logsOf(text: string): Promise<{ logs: number[][]; strategy: Strategy }> {
    const states: TestState[] = [];
    const state = (): TestState => {
      states.push(testState());
      return states.at(-1)!;
    };
    const { strategy } = await runRewritten(text, { state, times: 3 });
    return { logs: states.map(({ log }) => log), strategy };
  }

  it("comes from restoring globals and memory where code changes nothing else", async () => {
    const { logs, strategy } = await logsOf(`(module ${COUNTER} (memory 1) (func (export "run") (call $count)
      (call $log (i32.load (i32.const 8))) (i32.store (i32.const 8) (i32.const 5))))`);
    expect(logs).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(strategy.kind).toBe("reused-instance");
  });

  it("comes from a new instance where code changes a table", async () => {
    const { logs, strategy } =
      await logsOf(`(module ${COUNTER} (table $t 2 funcref) (elem declare func $count) (func (export "run")
        (call $count)
      (call $log (ref.is_null (table.get $t (i32.const 0)))) (table.set $t (i32.const 0)
        (ref.func $count))))`);
    expect(logs).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(strategy).toMatchObject({ kind: "pooled-memory", reason: expect.stringContaining("tables") });
  });

  it("comes from a new instance where code drops a segment", async () => {
    const { logs, strategy } =
      await logsOf(`(module ${COUNTER} (memory 1) (data $d "\\07") (func (export "run") (call $count)
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d) (call $log (i32.load
        (i32.const 0)))))`);
    expect(logs).toEqual([
      [1, 7],
      [1, 7],
      [1, 7],
    ]);
    expect(strategy).toMatchObject({ kind: "pooled-memory", reason: expect.stringContaining("segments") });
  });

  it("comes from a new instance where a global holds a vector or starts as NaN", async () => {
    const vector =
      await logsOf(`(module ${COUNTER} (global $v (mut v128) (v128.const i32x4 0 0 0 0)) (func (export "run")
        (call $count)
      (call $log (i32x4.extract_lane 0 (global.get $v))) (global.set $v (v128.const i32x4 9 9 9 9))))`);
    expect(vector.logs).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(vector.strategy).toMatchObject({ kind: "pooled-memory", reason: expect.stringContaining("v128") });
    const nan =
      await logsOf(`(module ${COUNTER} (global $f (mut f32) (f32.const nan:0x200001)) (func (export "run")
        (call $count)
      (call $log (i32.reinterpret_f32 (global.get $f))) (global.set $f (f32.const 1))))`);
    expect(new Set(nan.logs.map(String)).size).toBe(1);
    expect(nan.strategy).toMatchObject({ kind: "pooled-memory", reason: expect.stringContaining("NaN") });
  });

  it("keeps the work of a start function that called nothing on the host", async () => {
    const { logs, strategy } = await logsOf(`(module ${COUNTER} (memory 1)
      (func $start (global.set $count (i32.const 40)) (i32.store (i32.const 16) (i32.const 77)))
        (start $start)
      (func (export "run") (call $count) (call $log (i32.load (i32.const 16))) (i32.store (i32.const 16)
        (i32.const 1))))`);
    expect(logs).toEqual([
      [41, 77],
      [41, 77],
      [41, 77],
    ]);
    expect(strategy).toMatchObject({
      kind: "reused-instance",
      reason: expect.not.stringContaining("each time"),
    });
  });

  it("runs a start function each time if it called the host", async () => {
    const { logs, strategy } = await logsOf(
      `(module ${COUNTER} (start $count) (func (export "run") (call $count)))`,
    );
    expect(logs).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(strategy.reason).toContain("initialisation runs each time, as it calls log");
  });

  it("repeats calls of a start function that affect only the run's state", async () => {
    const { logs, strategy } = await logsOf(`(module (import "env" "note" (func $note (param i32))) (memory 1)
      (func $start (call $note (i32.const 9))) (start $start) (func (export "run")))`);
    expect(logs).toEqual([[9], [9], [9]]);
    expect(strategy.reason).not.toContain("each time");
  });

  it("has the memory at its first size after a run that grew it", async () => {
    const { logs } = await logsOf(`(module ${COUNTER} (memory 1 4) (func (export "run") (call $count)
      (call $log (memory.size)) (drop (memory.grow (i32.const 2))) (i32.store (i32.const 131072)
        (i32.const 1))))`);
    expect(logs).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it(
    "has memory, private table and globals in their first state after " +
      "a run that grew both and wrote into what it got",
    async () => {
      const { logs, strategy } =
        await logsOf(`(module ${COUNTER} (memory 1 4) (table $private 1 5 funcref) (elem declare func $count)
          (func (export "run") (call $count)
      (call $log (memory.size)) (call $log (table.size $private)) (call $log (ref.is_null (table.get $private
        (i32.const 0)))) (call $log (i32.load (i32.const 4)))
      (drop (memory.grow (i32.const 2))) (i32.store (i32.const 131072) (i32.const 1)) (i32.store (i32.const 4)
        (i32.const 1))
      (drop (table.grow $private (ref.func $count) (i32.const 3))) (table.set $private (i32.const 0)
        (ref.func $count))
      (call $log (i32.add (i32.mul (memory.size) (i32.const 10)) (table.size $private)))))`);
      expect(logs).toEqual([
        [1, 1, 1, 1, 0, 34],
        [1, 1, 1, 1, 0, 34],
        [1, 1, 1, 1, 0, 34],
      ]);
      expect(strategy.kind).toBe("pooled-memory");
    },
  );

  it(
    "lets functions of a private table reach the memory and " +
      "globals of their own run after others that grew",
    async () => {
      // Each run grows its memory, which is discarded together with its instance: a table that outlived them
      // would lead to the old ones.
      const { logs, strategy } =
        await logsOf(`(module ${COUNTER} (memory 1 4) (table 1 funcref) (elem (i32.const 0) $look)
      (func $look (call $count) (call $log (memory.size)) (call $log (i32.load (i32.const 8))) (i32.store
        (i32.const 8) (i32.const 5)))
      (func (export "run") (call_indirect (i32.const 0)) (drop (memory.grow (i32.const 1))) (call_indirect
        (i32.const 0))))`);
      expect(logs).toEqual([
        [1, 1, 0, 2, 2, 5],
        [1, 1, 0, 2, 2, 5],
        [1, 1, 0, 2, 2, 5],
      ]);
      expect(strategy.kind).toBe("reused-instance");
    },
  );
});

describe("a program that was refused memory", () => {
  const GROW =
    '(import "env" "panic" (func $panic (param i32))) (import "env" "wait" (func ' +
    "$wait (param i32) (result i32))) (memory 1 2) (table $t 3 5 funcref)";
  const REFUSED =
    "before that, its memory limit was reached: used 64 KiB, requested 64 MiB more, limit 128 KiB";

  it.each([
    ["traps", "unreachable", `The program trapped: unreachable code was reached; ${REFUSED}`],
    [
      "writes elsewhere",
      "(i32.store (i32.const -1) (i32.const 0))",
      `The program trapped: out-of-bounds access of memory; ${REFUSED}`,
    ],
    ["panics", "(call $panic (i32.const 7))", `The program panicked: 7; ${REFUSED}`],
    [
      "waits and traps",
      "(drop (call $wait (i32.const 0))) unreachable",
      `The program trapped: unreachable code was reached; ${REFUSED}`,
    ],
  ])("and %s is told which limit it had reached", async (_, then, message) => {
    const { outcome } = await runRewritten(
      `(module ${GROW} (func (export "run") (drop (memory.grow (i32.const 1024))) ${then}))`,
    );
    expect(outcome).toMatchObject({ kind: "fault", error: { message } });
  });

  it("or table entries is told the same", async () => {
    const { outcome } = await runRewritten(
      `(module ${GROW} (func (export "run") (drop (table.grow ` +
        `$t (ref.null func) (i32.const 9))) unreachable))`,
    );
    const message =
      "The program trapped: unreachable code was reached; before that, its " +
      "table entry limit was reached: used 3, requested 9 more, limit 5";
    expect(outcome).toMatchObject({ kind: "fault", error: { message } });
  });

  it("and continues without the memory succeeds", async () => {
    const { outcome } = await runRewritten(
      `(module ${GROW} (func (export "run") (drop (memory.grow (i32.const 1024)))))`,
    );
    expect(outcome.kind).toBe("returned");
  });

  it("does not appear in the fault of a later run", async () => {
    const text = `(module (import "env" "call" (func $call (param i32) (result i32))) (memory 1 2)
      (func (export "run") (if (call $call (i32.const 0)) (then (drop (memory.grow (i32.const 1024))))
        (else unreachable))))`;
    let refused = 0;
    const { outcome, strategy } = await runRewritten(text, {
      times: 2,
      state: () => testState({ call: () => (refused += 1) % 2 }),
    });
    expect(strategy.kind).toBe("reused-instance");
    expect(outcome).toMatchObject({
      kind: "fault",
      error: { message: "The program trapped: unreachable code was reached" },
    });
  });
});

describe("a start function", () => {
  /** Computes in its start function and in `run`, for as many rounds as the host returns each time. */
  const TEXT = `(module (import "env" "call" (func $call (param i32) (result i32)))
    (func $spin (param $rounds i32) (loop $l (br_if $l (local.tee $rounds (i32.sub (local.get $rounds)
      (i32.const 1))))))
    (func $start (call $spin (call $call (i32.const 0)))) (start $start) (func (export "run") (call $spin
      (call $call (i32.const 1)))))`;
  const FOREVER = 0;

  async function run(rounds: readonly [start: number, run: number], limits: RunLimits): Promise<RunOutcome> {
    const rewritten = rewriteModule(assembleWat(TEXT), {
      maxMemoryPages: 1,
      maxTableEntries: 1,
      hostImports: TEST_TYPES,
      interruptible: true,
    });
    const options = { limits: { ...DEFAULT_LIMITS, startMs: 40 } };
    return withEngine(
      async (engine) =>
        (await engine.load(rewritten)).run(testState({ call: (_, phase) => rounds[phase] ?? 1 }), limits),
      options,
    );
  }

  it("has a limit of its own", async () => {
    const outcome = await run([FOREVER, 1], AMPLE);
    expect(outcome).toMatchObject({
      kind: "fault",
      error: {
        code: "TER_GUEST_LIMIT",
        details: { limit: "CPU time of its start function", allowed: "40 ms" },
      },
    });
  });

  it("leaves the rest of the request's limit to `run`", async () => {
    const outcome = await run([1000, FOREVER], { cpuMs: 120, wallMs: 30_000 });
    expect(outcome).toMatchObject({
      kind: "fault",
      error: { code: "TER_GUEST_LIMIT", details: { limit: "CPU time", allowed: "120 ms" } },
    });
    expect(outcome.usage.cpuMs).toBeGreaterThan(100);
  });
});

describe("a rehearsal", () => {
  const LIMITS_OF_START = { limits: { ...DEFAULT_LIMITS, startMs: 40 } };

  /** The outcomes of a rehearsal and a run, and what the host saw of each. */
  async function rehearseAndRun(fields: string): Promise<{
    readonly rehearsal: RunOutcome;
    readonly run: RunOutcome;
    readonly heard: readonly (readonly number[])[];
    readonly initialises: boolean;
  }> {
    const text = `(module (import "env" "log" (func $log (param i32))) ${fields})`;
    const rewritten = rewriteModule(assembleWat(text), {
      maxMemoryPages: 1,
      maxTableEntries: 9,
      hostImports: TEST_TYPES,
      interruptible: true,
    });
    return withEngine(async (engine) => {
      const program = await engine.load(rewritten);
      const states = [testState(), testState()] as const;
      const rehearsal = await program.rehearse(states[0], AMPLE);
      const run = await program.run(states[1], AMPLE);
      return { rehearsal, run, heard: states.map(({ log }) => log), initialises: program.initialises };
    }, LIMITS_OF_START);
  }
  const COUNTED =
    "(global $count (mut i32) (i32.const 0)) (func $start (global.set " +
    "$count (i32.add (global.get $count) (i32.const 1)))) (start $start)";

  it("calls the start function and not `run`, and keeps what it came to", async () => {
    const { rehearsal, run, heard, initialises } = await rehearseAndRun(
      `${COUNTED} (func (export "run") (call $log (global.get $count)))`,
    );
    expect([initialises, rehearsal.kind, run.kind, heard]).toEqual([true, "returned", "returned", [[], [1]]]);
  });

  it("keeps nothing where that would not be sound", async () => {
    const { run, heard } = await rehearseAndRun(`${COUNTED} (table 2 funcref) (elem declare func $start)
      (func (export "run") (table.set (i32.const 0) (ref.func $start)) (call $log (global.get $count)))`);
    expect([run.kind, heard]).toEqual(["returned", [[], [1]]]);
  });

  it("ends before any host call whose answer may differ, and the run makes it", async () => {
    const { rehearsal, run, heard } = await rehearseAndRun(
      "(func $start (call $log (i32.const 7))) (start $start) " +
        '(func (export "run") (call $log (i32.const 8)))',
    );
    expect([rehearsal.kind, run.kind, heard]).toEqual(["exited", "returned", [[], [7, 8]]]);
  });

  it("shows a start function that takes too long", async () => {
    const { rehearsal } = await rehearseAndRun(
      '(func $start (loop $l (br $l))) (start $start) (func (export "run"))',
    );
    expect(rehearsal).toMatchObject({
      kind: "fault",
      error: {
        code: "TER_GUEST_LIMIT",
        details: { limit: "CPU time of its start function", allowed: "40 ms" },
      },
    });
  });

  it("does nothing for a module without a start function", async () => {
    const { rehearsal, heard, initialises } = await rehearseAndRun(
      '(func (export "run") (call $log (i32.const 8)))',
    );
    expect([initialises, rehearsal.kind, heard]).toEqual([false, "returned", [[], [8]]]);
  });
});

describe("a hostile guest", () => {
  const limits = { cpuMs: 100, wallMs: 10_000 };

  const doubling = Array.from(
    { length: 40 },
    (_, at) => `(func $f${at} (call $f${at + 1}) (call $f${at + 1}))`,
  );
  it.each([
    ["loops", '(func (export "run") (loop $l (br $l)))'],
    ["loops in its start function", '(func $s (loop $l (br $l))) (start $s) (func (export "run"))'],
    ["loops by br_table", '(func (export "run") (loop $l (br_table $l $l (i32.const 0))))'],
    [
      "loops by tail calls",
      '(func $a (return_call $b)) (func $b (return_call $a)) (func (export "run") (call $a))',
    ],
    [
      "catches its own exceptions forever",
      '(tag $t) (func (export "run") (loop $l (try (do (throw $t)) (catch_all)) (br $l)))',
    ],
    [
      "fills memory forever",
      '(memory 1000) (func (export "run") (loop $l (memory.fill ' +
        "(i32.const 0) (i32.const 1) (i32.const 65536000)) (br $l)))",
    ],
    ["doubles its calls", `${doubling.join(" ")} (func $f40) (func (export "run") (call $f0))`],
    [
      "recurses twice at each level",
      "(func $r (param $n i32) (if (local.get $n) (then (call $r (i32.sub " +
        "(local.get $n) (i32.const 1))) (call $r (i32.sub (local.get $n) " +
        '(i32.const 1)))))) (func (export "run") (call $r (i32.const 60)))',
    ],
    [
      "calls the host forever",
      '(import "env" "log" (func $log (param i32))) (func (export ' +
        '"run") (loop $l (call $log (i32.const 0)) (br $l)))',
    ],
    [
      "waits for nothing forever",
      '(import "env" "wait" (func $wait (param i32) (result i32))) (func ' +
        '(export "run") (loop $l (drop (call $wait (i32.const 0))) (br $l)))',
    ],
  ])("that %s is stopped at its limit", async (_, code) => {
    const state = (): TestState => ({
      log: { push: () => 0 } as unknown as number[],
      wait: () => Promise.resolve(0),
    });
    const { outcome } = await runRewritten(`(module ${code})`, { limits, state });
    // How soon is measured by bench/kill.ts.
    expect(outcome).toMatchObject({
      kind: "fault",
      error: { code: "TER_GUEST_LIMIT", details: { limit: "CPU time" } },
    });
  });
});
