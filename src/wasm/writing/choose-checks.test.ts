import { describe, expect, it } from "vitest";
import { program, rewrite } from "../testing/fixtures.ts";

/** How many checks the rewriter inserts into a module with these fields. */
function checks(fields: string): number {
  return rewrite(program(fields)).layout.checks;
}

const DOUBLING = (levels: number, calls: number): string =>
  Array.from(
    { length: levels },
    (_, level) => `(func $d${level} ${`(call $d${level + 1}) `.repeat(calls)})`,
  ).join(" ") + `(func $d${levels})`;

describe("checks", () => {
  it("stand in each loop that something branches back to", () => {
    expect(checks("(func (loop (br 0)))")).toBe(1);
    expect(checks("(func (loop (loop (br_if 1 (i32.const 0)))))")).toBe(1);
    expect(checks("(func (loop (block (br_table 0 1 0 (i32.const 0)))))")).toBe(1);
    expect(checks("(tag) (func (loop (try_table (catch_all 0))))")).toBe(1);
    expect(checks("(tag) (func (loop (try (do (loop (br 0))) (catch_all (br 1)))))")).toBe(2);
    expect(checks("(tag) (func (loop (try (do) (delegate 0))))")).toBe(0);
  });

  it("leave alone loops without a way back and functions without a cycle", () => {
    expect(checks("(func (loop) (block (br 0)))")).toBe(0);
    expect(checks("(func $a (call $b) (call $c)) (func $b (call $c)) (func $c)")).toBe(0);
  });

  it("leave the first call of a recursion to the limit of the stack, and stand before each later one", () => {
    expect(checks("(func $a (call $a))")).toBe(0);
    expect(checks("(func $a (call $b)) (func $b (call $a))")).toBe(0);
    expect(checks("(func $a (call $a) (call $a))")).toBe(1);
    expect(checks("(func $a (if (i32.const 1) (then (call $a)) (else (call $a))))")).toBe(1);
    expect(checks("(func $a (call $b) (call $b) (call $b)) (func $b (call $a))")).toBe(2);
  });

  it("stand before each recursive tail call, which the stack does not limit", () => {
    expect(checks("(func $a (return_call $a))")).toBe(1);
    expect(checks("(func $a (return_call $b)) (func $b (return_call $c)) (func $c)")).toBe(0);
    expect(checks("(table funcref (elem $a)) (func $a (return_call_indirect (i32.const 0)))")).toBe(1);
  });

  it("count indirect calls by type and by what can be in a table", () => {
    const twice = "(call_indirect (i32.const 0)) (call_indirect (i32.const 0))";
    expect(checks(`(table funcref (elem $a)) (func $a ${twice})`)).toBe(1);
    expect(checks(`(table 1 funcref) (func $a ${twice})`)).toBe(0);
    expect(checks(`(table funcref (elem $other)) (func $other (param i32)) (func $a ${twice})`)).toBe(0);
    expect(
      checks(
        `(table 1 funcref) (elem declare func $a) (func $a (table.set (i32.const 0) (ref.func $a)) ${twice})`,
      ),
    ).toBe(1);
    expect(checks(`(table 1 funcref) (global funcref (ref.func $a)) (func $a ${twice})`)).toBe(1);
    expect(checks(`(table 1 1 funcref) (elem func $a) (func $a ${twice})`)).toBe(1);
  });

  it("count equal types under different indices as one", () => {
    const text = `(type $t (func (param i32))) (type $u (func (param i32))) (table funcref (elem $a))
      (func $a (type $t) (call_indirect (type $u) (i32.const 0) (i32.const 0)) (call_indirect (type $u)
        (i32.const 0) (i32.const 0)))`;
    expect(checks(text)).toBe(1);
  });

  it("count that a host function may call the allocator", () => {
    const allocator = '(import "env" "log" (func $log (param i32))) (table funcref (elem $malloc))';
    const malloc =
      "(func $malloc (param i32) (result i32) (call $log " +
      "(i32.const 0)) (call $log (i32.const 0)) (i32.const 0))";
    expect(checks(`${allocator} ${malloc}`)).toBe(0);
    expect(checks(`(import "env" "hostcall_init_mm" (func (param i32 i32))) ${allocator} ${malloc}`)).toBe(2);
  });

  it("stand before calls that would add up to a long stretch, though nothing is a cycle", () => {
    expect(checks(DOUBLING(8, 2))).toBe(0);
    expect(checks(DOUBLING(64, 2))).toBeGreaterThan(30);
    expect(checks(DOUBLING(4, 100))).toBeGreaterThan(100);
  });

  it("stand before calls into a recursion from outside, and once in a callee that never returns", () => {
    const recursion = "(func $r (call $r))";
    expect(checks(`${recursion} (func (call $r))`)).toBe(1);
    const last = "(func (call $r) unreachable)";
    expect(checks(`${recursion} (func (call $r)) ${last} ${last}`)).toBe(2);
  });

  it("stand before slow instructions that add up, and before each bulk operation on a table", () => {
    const grow = "(drop (memory.grow (i32.const 1)))";
    expect(checks(`(memory 1) (func ${grow.repeat(90)})`)).toBe(0);
    expect(checks(`(memory 1) (func ${grow.repeat(110)})`)).toBe(1);
    expect(checks("(table 9 funcref) (func (table.fill (i32.const 0) (ref.null func) (i32.const 9)))")).toBe(
      2,
    );
  });

  it("stand at the entry and at each exit of a recursion whose frames do much", () => {
    const body = `(call $a) (call $a) (call $a) ${"(drop (i32.const 1))".repeat(400)}`;
    expect(checks(`(func $a ${body})`)).toBe(2);
    expect(checks(`(func $a (if (i32.const 0) (then (return))) ${body})`)).toBe(3);
    expect(checks(`(tag $e) (func $a (if (i32.const 0) (then (throw $e))) ${body})`)).toBe(3);
    expect(checks(`(func $a (if (i32.const 0) (then (return_call $b))) ${body}) (func $b)`)).toBe(3);
    const twoResults = `(func $a (result i32 i32) ${body.replace("(call $a)", "")} (drop) (drop))`;
    expect(checks(twoResults)).toBe(2);
  });

  it("are none in a module that is not to be interruptible", () => {
    const rewritten = rewrite(program("(func (loop (br 0)))"), { interruptible: false });
    expect(rewritten.layout.checks).toBe(0);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(rewritten.bytes))).toEqual([]);
  });

  it("take a chain of a hundred thousand functions without recursion of our own", () => {
    const functions = Array.from({ length: 100_000 }, (_, index) => `(func (call ${index + 1}))`).join("");
    expect(checks(`${functions} (func)`)).toBe(2);
  });
});
