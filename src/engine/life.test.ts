// What an engine leaves behind, and what it does when its ticker thread dies.
import { createHook } from "node:async_hooks";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { AMPLE, CHECK, IMPORT_KILL, loadWat, testState, withEngine } from "./testing/fixtures.ts";

const ENDLESS = `(module ${IMPORT_KILL} (func (export "run") (loop $again ${CHECK("")} (br $again))))`;
const WAITING =
  '(module (import "env" "wait" (func $wait (param i32) (result ' +
  'i32))) (func (export "run") (drop (call $wait (i32.const 0)))))';

it("A ticker thread that dies is replaced, and guests still end at their limit", async () => {
  const threads: Worker[] = [];
  const note = (thread: Worker): void => void threads.push(thread);
  process.on("worker", note);
  try {
    await withEngine(async (engine) => {
      const program = await loadWat(engine, ENDLESS);
      const [first] = threads;
      const replaced = once(process, "worker");
      await first!.terminate();
      await replaced;
      const outcome = await program.run(testState(), { cpuMs: 20, wallMs: 10_000 });
      expect(outcome).toMatchObject({ kind: "fault", error: { code: "TER_GUEST_LIMIT" } });
      expect(outcome.usage.cpuMs).toBeLessThan(5000);
    });
    expect(threads).toHaveLength(2);
  } finally {
    process.off("worker", note);
  }
});

it("A closed engine leaves no timer and no thread", async () => {
  const timers = new Set<number>();
  const hook = createHook({
    init: (id, type) =>
      void (
        type === "Timeout" &&
        new Error("where").stack?.includes("/src/engine/") === true &&
        timers.add(id)
      ),
    destroy: (id) => void timers.delete(id),
  });
  const exits: Promise<unknown>[] = [];
  const note = (thread: Worker): void => void exits.push(once(thread, "exit"));
  process.on("worker", note);
  hook.enable();
  try {
    await withEngine(async (engine) => {
      const [waiting, endless] = await Promise.all([loadWat(engine, WAITING), loadWat(engine, ENDLESS)]);
      await Promise.all([
        waiting.run(testState({ wait: () => new Promise(() => undefined) }), { ...AMPLE, wallMs: 30 }),
        endless.run(testState(), { ...AMPLE, cpuMs: 20 }),
        waiting.run(testState(), AMPLE),
      ]);
      expect(timers.size).toBeGreaterThan(0);
    });
    await Promise.all(exits);
    // Node reports destroyed timers one turn later.
    await setImmediate();
    expect(timers.size).toBe(0);
    expect(exits).toHaveLength(1);
  } finally {
    hook.disable();
    process.off("worker", note);
  }
});
