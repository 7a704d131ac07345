// Interruption on this version of Node: loops die in each tier of V8, and no other run does.
import { describe, expect, it } from "vitest";
import { AMPLE, CHECK, IMPORT_KILL, loadWat, testState, withEngine } from "./testing/fixtures.ts";

/**
 * A loop that runs for as many rounds as `env.call` returns, so that V8 optimizes it before it has to be
 * killed.
 */
const HOT = `(module ${IMPORT_KILL} (import "env" "call" (func $call (param i32) (result i32)))
  (func $spin (param $rounds i32) (result i32) (local $sum i32)
    (loop $again ${CHECK("")}
      (local.set $sum (i32.xor (i32.mul (local.get $sum) (i32.const 31)) (local.get $rounds)))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $sum))
  (func $forever (loop $again (drop (call $spin (i32.const 0))) (br $again)))
  (func (export "run") (drop (call $spin (call $call (i32.const 0))))))`;

describe("an optimized loop", () => {
  it("still dies", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(engine, HOT);
      // Far beyond the tiering budget: afterwards the loop runs optimized.
      for (let warm = 0; warm < 50; warm += 1) await program.run(testState({ call: () => 1_000_000 }), AMPLE);
      const outcome = await program.run(testState({ call: () => 0 }), { cpuMs: 50, wallMs: 10_000 });
      expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_LIMIT" } });
      if (outcome.kind === "fault") expect(outcome.error.details["limit"]).toContain("CPU");
    });
  });
});

describe("a kill", () => {
  it("hits only the guest that used up its limit", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(engine, HOT);
      const limits = { cpuMs: 5, wallMs: 10_000 };
      for (let killed = 0; killed < 60; killed += 1) {
        // The runaway's kill word is set while its neighbors follow immediately; none of them may see it.
        const runs = [program.run(testState({ call: () => 0 }), limits)];
        for (let neighbour = 0; neighbour < 20; neighbour += 1)
          runs.push(program.run(testState({ call: () => 10 }), AMPLE));
        const [runaway, ...neighbours] = await Promise.all(runs);
        expect(runaway!.kind).toBe("fault");
        for (const neighbour of neighbours) expect(neighbour.kind).toBe("returned");
      }
    });
  });

  it("comes at the next call of the host, for code without a check of its own", async () => {
    await withEngine(async (engine) => {
      const call = "(drop (call $call (i32.const 0)))".repeat(5000);
      const program = await loadWat(
        engine,
        `(module (import "env" "call" (func $call (param i32) (result i32))) (func (export "run") ${call}))`,
      );
      let calls = 0;
      const busy = (): number => {
        const until = performance.now() + 1;
        while (performance.now() < until);
        return (calls += 1);
      };
      const outcome = await program.run(testState({ call: busy }), { cpuMs: 20, wallMs: 100 });
      expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_LIMIT" } });
      expect(calls).toBeLessThan(5000);
    });
  });

  it("comes even though the thread's clock starts new slices all the time", async () => {
    await withEngine(async (engine) => {
      const program = await loadWat(
        engine,
        '(module (import "env" "wait" (func $wait (param i32) (result i32))) (func ' +
          '(export "run") (loop $again (drop (call $wait (i32.const 0))) (br $again))))',
      );
      const outcome = await program.run(testState({ wait: () => Promise.resolve(0) }), {
        cpuMs: 50,
        wallMs: 10_000,
      });
      expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_LIMIT" } });
      expect(outcome.usage.cpuMs).toBeLessThan(80);
    });
  });
});
