import { describe, expect, it } from "vitest";
import { rewriteModule } from "../../wasm/index.ts";
import { assembleWat, TEST_FUNCTIONS, TEST_TYPES, type TestState } from "../testing/fixtures.ts";
import { planModule } from "./plan.ts";

const LOG = '(import "env" "log" (func $log (param i32)))';
const WAIT = '(import "env" "wait" (func $wait (param i32) (result i32)))';
/** Twenty functions in a chain, each with 16 KB of locals. */
const LONG_CHAIN = Array.from(
  { length: 20 },
  (_, level) =>
    `(func $f${level} (local ${"v128 ".repeat(1024)}) (call ` +
    `${level === 19 ? "$log (i32.const 0)" : `$f${level + 1}`}))`,
).join(" ");

function hasOwnStack(fields: string): boolean {
  const module = rewriteModule(assembleWat(`(module ${fields})`), {
    maxMemoryPages: 16,
    maxTableEntries: 10,
    hostImports: TEST_TYPES,
    interruptible: true,
  });
  const killMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  return planModule<TestState>({
    module: new WebAssembly.Module(module.bytes),
    layout: module.layout,
    hostFunctions: TEST_FUNCTIONS,
    killMemory,
    leavesDirty: false,
    prescribed: undefined,
  }).ownStack;
}

describe("a guest runs on", () => {
  it.each([
    [
      "the thread's stack if nothing can wait or go deep",
      false,
      `${LOG} (func $leaf (call $log (i32.const 1))) (func (export "run") (call $leaf))`,
    ],
    [
      "the thread's stack if it calls no host function, however deep it goes",
      false,
      `(func $deep (call $deep)) (func (export "run") (call $deep))`,
    ],
    ["a stack of its own if a host function may wait", true, `${WAIT} (func (export "run"))`],
    [
      "a stack of its own if functions call each other in a circle",
      true,
      `${LOG} (func $deep (call $log (i32.const 1)) (call $deep)) (func (export "run") (call $deep))`,
    ],
    [
      "a stack of its own if its frames may take too much",
      true,
      `${LOG} ${LONG_CHAIN} (func (export "run") (call $f0))`,
    ],
  ])("%s", (_, own, fields) => {
    expect(hasOwnStack(fields)).toBe(own);
  });
});
