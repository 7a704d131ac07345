import { describe, expect, it } from "vitest";
import { decodeCodeMap } from "./code-map.ts";
import {
  assemble,
  instantiateOriginal,
  instantiateRewritten,
  program,
  rewrite,
  type TestInstance,
} from "../testing/fixtures.ts";
import { functionNames } from "../reading/names.ts";
import { readModule } from "../reading/read-module.ts";

interface Frame {
  readonly index: number;
  readonly offset: number;
}

/** The Wasm frames of a trap, innermost first. */
function frames(instance: TestInstance, name: string, ...parameters: unknown[]): Frame[] {
  try {
    instance.call(name, ...parameters);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    return [...stack.matchAll(/wasm-function\[(\d+)\]:(0x[0-9a-f]+)/g)].map((match) => ({
      index: Number(match[1]),
      offset: Number(match[2]),
    }));
  }
  throw new Error(`${name} did not trap`);
}

/** Many ways to trap: before and after checks, in loops, after replaced instructions, in nested calls. */
const TRAPS = `
  (memory (export "memory") 1 40)
  (table 4 funcref)
  (elem (i32.const 0) $deep $noop)
  (global $g (mut i32) (i32.const 0))
  (func $noop)
  (func $deep (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.div_u (i32.const 1) (local.get 0)))
      (else (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (call $deep (i32.sub (local.get 0)
        (i32.const 1)))))))
  (func (export "divide") (param i32) (result i32)
    (loop $again (br_if $again (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0))))
    (i32.div_s (i32.const 7) (local.get 0)))
  (func (export "inner") (param i32)
    (loop $outer
      (loop $inner
        (if (i32.eq (local.get 0) (i32.const 3)) (then unreachable))
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if $inner (i32.lt_s (local.get 0) (i32.const 9))))
      (br $outer)))
  (func (export "load") (param i32) (result i64)
    (loop $l (br_if $l (i32.eqz (i32.const 1))))
    (drop (i64.load8_u offset=0x10000 (i32.const 0)))
    (i64.load offset=0x20000 (local.get 0)))
  (func (export "fill") (param i32) (memory.fill (i32.const 65530) (i32.const 1) (local.get 0)))
  (func (export "copy") (param i32)
    (loop $l (br_if $l (i32.eqz (i32.const 1))))
    (memory.copy (i32.const 65530) (i32.const 1) (local.get 0))
    (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
  (func (export "afterFill") (param i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get 0))
    (memory.copy (i32.const 0) (i32.const 1) (local.get 0))
    (drop (i32.trunc_f32_s (f32.const nan))))
  (func (export "indirect") (param i32) (result i32)
    (loop $l (br_if $l (i32.eqz (i32.const 1))))
    (call_indirect (param i32) (result i32) (i32.const 3) (local.get 0)))
  (func (export "null") (param i32) (call_indirect (i32.const 3)))
  (func (export "deep") (param i32) (result i32) (call $deep (local.get 0)))
  (func (export "table") (param i32) (table.set (local.get 0) (ref.null func)) (table.set (i32.const 9)
    (ref.null func)))
`;
const CASES: readonly (readonly [string, number])[] = [
  ["divide", 1],
  ["divide", 5],
  ["inner", 0],
  ["load", 0],
  ["fill", 7],
  ["fill", 2_000_000],
  ["copy", 7],
  ["copy", 3_000_000],
  ["afterFill", 12],
  ["indirect", 0],
  ["indirect", 1],
  ["indirect", 3],
  ["indirect", 4],
  ["null", 0],
  ["deep", 0],
  ["deep", 5],
  ["table", 0],
];

describe("the code map", () => {
  const original = assemble(program(TRAPS));
  const rewritten = rewrite(program(TRAPS));
  const map = decodeCodeMap(rewritten.codeMap);

  it.each(CASES)(
    "names every frame of the trap in %s(%i) by its location in the original",
    (name, parameter) => {
      const expected = frames(instantiateOriginal(original), name, parameter);
      const found = frames(instantiateRewritten(rewritten), name, parameter)
        .filter(({ index }) => !map.isInjected(index))
        .map(({ index, offset }) => ({ index, offset: map.toOriginal(offset) }));
      expect(expected.length).toBeGreaterThan(0);
      expect(found).toEqual(expected);
    },
  );

  it("is needed: rewritten offsets differ from the original ones", () => {
    const [expected] = frames(instantiateOriginal(original), "inner", 0);
    const [found] = frames(instantiateRewritten(rewritten), "inner", 0);
    expect(found?.offset).not.toBe(expected?.offset);
  });

  it("maps a kill in a loop to the loop's first instruction", () => {
    const instance = instantiateRewritten(rewritten);
    instance.kill![0] = -1;
    const [frame] = frames(instance, "inner", 0);
    const offset = map.toOriginal(frame!.offset);
    const body = readModule(original).bodies[3]!;
    // After one group of no locals: loop, its type, loop, its type.
    expect(offset).toBe(body.start + 3);
  });

  it("finds functions by offset and knows which are injected", () => {
    const injected = frames(instantiateRewritten(rewritten), "fill", 7)[0]!;
    expect(map.functionAt(injected.offset)).toEqual({ index: injected.index, injected: true });
    expect(map.toOriginal(injected.offset)).toBeNull();
    const own = frames(instantiateRewritten(rewritten), "divide", 1)[0]!;
    expect(map.functionAt(own.offset)).toEqual({ index: own.index, injected: false });
    expect(map.functionAt(3)).toBeNull();
    expect(map.toOriginal(rewritten.bytes.length - 1)).toBeNull();
  });

  it("maps every byte of every untouched body one to one", () => {
    const text = program(
      '(import "env" "log" (func (param i32))) (func (param ' +
        "i32) (call 0 (local.get 0)) (call 0 (i32.const 5)))",
    );
    const before = assemble(text);
    const after = rewrite(text);
    const straight = decodeCodeMap(after.codeMap);
    const old = readModule(before).bodies;
    readModule(after.bytes).bodies.forEach((body, defined) => {
      for (let at = body.start; at < body.end; at++)
        expect(straight.toOriginal(at)).toBe(old[defined]!.start + at - body.start);
    });
  });

  it("counts DWARF addresses from the contents of the original code section", () => {
    const code = readModule(original).sections.find((section) => section.id === 10)!;
    expect(map.toDwarfAddress(code.start + 17)).toBe(17);
  });

  it("stays small: some three bytes for each check", () => {
    expect(rewritten.codeMap.length).toBeLessThan(
      16 + readModule(original).bodies.length * 6 + rewritten.layout.checks * 5,
    );
  });
});

describe("function names", () => {
  it("come from the name section, and are null where it has none", () => {
    const names = functionNames(assemble("(module (func $first) (func))"));
    expect([names.get(0), names.get(1), names.get(7)]).toEqual(["first", null, null]);
  });

  it("are absent, not an error, in a damaged name section", () => {
    const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 8, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 9, 9);
    expect(functionNames(bytes).get(0)).toBeNull();
  });

  it("stay true in the rewritten module", () => {
    expect(functionNames(rewrite(program("(func $mine (loop (br 0)))")).bytes).get(0)).toBe("mine");
  });
});
