// Guests that never end by themselves: each must end soon after the kill word is set, in optimized and
// baseline code.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { instantiateRewritten, outcome, program, rewrite } from "./testing/fixtures.ts";
import type { RewrittenModule } from "./rewrite-module.ts";
import type { Runaway, RunawayEnd } from "./testing/runaway-host.ts";

/** How long a guest spins before it is killed, and how long we watch one that cannot be killed. */
const SPIN_MS = 20;
const WATCHED_MS = 200;
/** The platform promises the limit + 20 ms; this is generous, for machines under load. */
const KILLED_WITHIN_MS = 150;

/** Two functions that each call the next twice: 2^64 calls without a cycle. */
const DOUBLING = Array.from(
  { length: 64 },
  (_, level) => `(func $d${level} (call $d${level + 1}) (call $d${level + 1}))`,
).join(" ");
/** A function without a loop so large that unwinding it from every frame of a deep stack takes seconds. */
const LONG_STRETCH = "(global.set $g (f64.sqrt (f64.add (global.get $g) (f64.const 1.5))))".repeat(5000);

const RUNAWAYS: Readonly<Record<string, string>> = {
  "a loop": '(func (export "go") (call 0 (i32.const 1)) (loop $l (br $l)))',
  "a loop that computes": `(global $g (mut i32) (i32.const 0)) (memory 1)
    (func (export "go") (local i32) (call 0 (i32.const 1))
      (loop $l (i32.store (i32.and (local.tee 0 (i32.add (local.get 0) (i32.const 4))) (i32.const 0xfffc))
        (local.get 0)) (br $l)))`,
  "a loop by br_table":
    '(func (export "go") (local i32) (call 0 (i32.const 1)) ' +
    "(loop $l (block $b (br_table $l $l $b (local.get 0)))))",
  "nested loops": `(func (export "go") (local i32) (call 0 (i32.const 1))
    (loop $o (local.set 0 (i32.const 0)) (loop $i (br_if $i (i32.lt_u (local.tee 0 (i32.add (local.get 0)
      (i32.const 1))) (i32.const 3)))) (br $o)))`,
  "mutual recursion": `(func (export "go") (call 0 (i32.const 1)) (call $a (i32.const 64)))
    (func $a (param i32) (if (local.get 0) (then (call $b (local.get 0)) (call $b (local.get 0)))))
    (func $b (param i32) (call $a (i32.sub (local.get 0) (i32.const 1))))`,
  "indirect recursion": `(table funcref (elem $a)) (type $t (func (param i32)))
    (func (export "go") (call 0 (i32.const 1)) (call $a (i32.const 64)))
    (func $a (param i32) (if (local.get 0) (then
      (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
      (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))`,
  "a tail call":
    '(func (export "go") (call 0 (i32.const 1)) (return_call $a (i32.const 1))) (func $a (param ' +
    "i32) (return_call $b (local.get 0))) (func $b (param i32) (return_call $a (local.get 0)))",
  "an indirect tail call": `(table funcref (elem $a)) (type $t (func))
    (func (export "go") (call 0 (i32.const 1)) (call $a)) (func $a (return_call_indirect (type $t)
      (i32.const 0)))`,
  "a loop of catch_all":
    '(tag $e) (func (export "go") (call 0 (i32.const 1)) (loop $l (try ' +
    "(do (loop $i (br $i)) (throw $e)) (catch_all)) (br $l)))",
  "a loop through catch_all":
    '(tag $e) (func (export "go") (call 0 (i32.const 1)) ' +
    "(loop $l (try (do (throw $e)) (catch_all (br $l)))))",
  "a loop through a try_table":
    '(tag $e) (func (export "go") (call 0 (i32.const 1)) (loop $l (try_table (catch_all $l) (throw $e))))',
  "huge fills in a loop": `(memory 256) (func (export "go") (call 0 (i32.const 1))
    (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 16777216)) (br $l)))`,
  "huge copies one after the other":
    `(memory 256) (func (export "go") (call 0 (i32.const 1)) (loop $l ` +
    `${"(memory.copy (i32.const 0) (i32.const 8388608) (i32.const 8388608))".repeat(1000)} (br $l)))`,
  "doubling without a cycle": `${DOUBLING} (func $d64)
    (func (export "go") (call 0 (i32.const 1)) (call $d0))`,
  "a deep stack of long functions": `(global $g (mut f64) (f64.const 1)) (func (export "go") (call $a
    (i32.const 0)) (call 0 (i32.const 1)) (call $a (i32.const 20000)))
    (func $a (param i32) (if (local.get 0) (then (call $a (i32.sub (local.get 0)
      (i32.const 1))))) ${LONG_STRETCH})`,
  "a deep stack of long functions that return": `(global $g (mut f64) (f64.const 1)) (func (export "go") (drop
    (call $a (i32.const 0))) (call 0 (i32.const 1)) (drop (call $a (i32.const 20000))))
    (func $a (param i32) (result i32) (if (local.get 0) (then (drop (call $a (i32.sub (local.get 0)
      (i32.const 1)))))) ${LONG_STRETCH} (return (local.get 0)))`,
  "a deep stack of long functions that branch out": `(global $g (mut f64) (f64.const 1)) (func (export "go")
    (drop (call $a (i32.const 0))) (call 0 (i32.const 1)) (drop (call $a (i32.const 20000))))
    (func $a (param i32) (result i32) (if (local.get 0) (then (drop (call $a (i32.sub (local.get 0)
      (i32.const 1)))))) ${LONG_STRETCH} (block (br_table 1 1 (local.get 0) (i32.const 1))) (i32.const 5))`,
  "a deep stack of long functions with two results": `(global $g (mut f64) (f64.const 1)) (func (export "go")
    (call $b (i32.const 0)) (call 0 (i32.const 1)) (call $b (i32.const 20000)))
    (func $b (param i32) (call $a (local.get 0)) (drop) (drop))
    (func $a (param i32) (result i32 i32) (if (local.get 0) (then (call $a (i32.sub (local.get 0)
      (i32.const 1))) (drop) (drop))) ${LONG_STRETCH} (i32.const 5) (i32.const 5))`,
};

const withLog = (fields: string): string => program(`(import "env" "log" (func (param i32))) ${fields}`);

/** A process whose V8 runs with the given flags. */
function startHost(...flags: readonly string[]): {
  run(module: RewrittenModule, patienceMs: number): Promise<RunawayEnd>;
  stop(): void;
} {
  const child = fork(join(import.meta.dirname, "testing", "runaway-host.ts"), {
    execArgv: [...flags],
    serialization: "advanced",
  });
  return {
    async run({ bytes, layout }, patienceMs) {
      child.send({ bytes, memory: layout.memory, spinMs: SPIN_MS, patienceMs } satisfies Runaway);
      const [message] = (await once(child, "message")) as [{ end: RunawayEnd }];
      return message.end;
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

describe.each([
  ["optimised", "--no-liftoff"],
  ["baseline", "--liftoff-only"],
])("runaway guests in %s code", (_tier, flag) => {
  const host = startHost(flag);
  afterAll(() => host.stop());

  it.each(Object.entries(RUNAWAYS))("%s ends soon after the kill word is set", async (_what, fields) => {
    const end = await host.run(rewrite(withLog(fields)), 20_000);
    expect(end?.outcome).toBe("unreachable");
    expect(end?.afterMs).toBeLessThan(KILLED_WITHIN_MS);
  });
});

describe("without checks", () => {
  it.each(Object.entries(RUNAWAYS))("%s goes on", async (_what, fields) => {
    // One process each: V8 cannot terminate a worker thread that does nothing but tail calls.
    const host = startHost("--no-liftoff");
    try {
      expect(await host.run(rewrite(withLog(fields), { interruptible: false }), WATCHED_MS)).toBeNull();
    } finally {
      host.stop();
    }
  });
});

describe("V8", () => {
  it("does not let a guest catch a trap, such as that of a kill", () => {
    const instance = instantiateRewritten(
      rewrite(
        program('(tag $e) (func (export "go") (loop $l (try (do (unreachable)) (catch_all (br $l)))))'),
      ),
    );
    expect(outcome(() => instance.call("go"))).toBe("trap: unreachable");
    const table = instantiateRewritten(
      rewrite(program('(func (export "go") (loop $l (try_table (catch_all $l) unreachable)))')),
    );
    expect(outcome(() => table.call("go"))).toBe("trap: unreachable");
  });

  it("does not let a guest catch its own stack overflow", () => {
    const instance = instantiateRewritten(
      rewrite(program('(func $a (export "go") (try (do (call $a)) (catch_all)) (call $a))')),
    );
    expect(outcome(() => instance.call("go"))).toBe("stack overflow");
  });
});
