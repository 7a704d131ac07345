import { describe, expect, it } from "vitest";
import { program, rewrite } from "../testing/fixtures.ts";

/** Bytes of stack that the layout promises for a module with these fields. */
function stackBytes(fields: string): number | null {
  return rewrite(program(fields)).layout.stackBytes;
}

describe("the bound on a guest's stack", () => {
  it("adds up the deepest chain of calls", () => {
    const leaf = stackBytes("(func $a)") ?? 0;
    const chain = stackBytes("(func $a (call $b)) (func $b (call $c)) (func $c)") ?? 0;
    expect(chain).toBeGreaterThan(2 * leaf);
    expect(stackBytes("(func $a (call $b) (call $c)) (func $b (call $c)) (func $c)")).toBeLessThan(
      chain + leaf,
    );
  });

  it("grows with parameters, locals and code", () => {
    const plain = stackBytes("(func $a (call $b (i32.const 0))) (func $b (param i32))") ?? 0;
    const locals =
      stackBytes(`(func $a (call $b (i32.const 0))) (func $b (param i32) (local ${"i64 ".repeat(1000)}))`) ??
      0;
    const code =
      stackBytes(
        `(func $a (call $b (i32.const 0))) (func $b (param i32) ${"(drop (i32.const 0))".repeat(1000)})`,
      ) ?? 0;
    expect(locals - plain).toBeGreaterThanOrEqual(16_000);
    expect(code - plain).toBeGreaterThanOrEqual(16_000);
  });

  it.each([
    ["a function that calls itself", "(func $a (call $a))"],
    ["two that call each other", "(func $a (call $b)) (func $b (call $a))"],
    [
      "a call through a table that may come back",
      "(table funcref (elem $a)) (func $a (call_indirect (i32.const 0)))",
    ],
    [
      "a reference that code may put into a table",
      "(table 1 funcref) (elem declare func $a) (func $a (table.set " +
        "(i32.const 0) (ref.func $a)) (call_indirect (i32.const 0)))",
    ],
    [
      "an allocator that calls the host function that calls it",
      `(import "env" "hostcall_init_mm" (func $mm (param i32 i32))) (table funcref (elem $m))
      (func $m (param i32) (result i32) (call $mm (i32.const 0) (i32.const 0)) (i32.const 0))`,
    ],
    [
      "an exported allocator that calls the host function that calls it",
      `(import "env" "log" (func $log (param i32)))
      (func (export "malloc") (param i32) (result i32) (call $log (i32.const 0)) (i32.const 0))`,
    ],
  ])("is none with %s", (_, fields) => {
    expect(stackBytes(fields)).toBeNull();
  });

  it("is there with calls through a table that only go down", () => {
    expect(
      stackBytes(
        "(table funcref (elem $leaf)) (func $leaf (param i32)) (func $a " +
          "(call_indirect (param i32) (i32.const 0) (i32.const 0)))",
      ),
    ).toBeGreaterThan(0);
  });
});
