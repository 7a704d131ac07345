import { assert, constantFrom, integer, oneof, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { compareModule } from "../testing/compare-modules.ts";
import { assemble, program, rewrite } from "../testing/fixtures.ts";

function checks(body: string, locals = "(local i32 i32)"): number {
  return rewrite(
    program(`(memory 1) (global $g (mut i32) (i32.const 0)) (func (param i32) ${locals} ${body})`),
  ).layout.checks;
}

const add = (step: number): string => `(i32.add (local.get 1) (i32.const ${step}))`;
const loop = (bottom: string, middle = "(global.set $g (local.get 1))"): string =>
  `(loop $l ${middle} (br_if $l ${bottom}))`;

describe("loops that end after few rounds", () => {
  it("are left alone: up to an unsigned bound, whatever the counter was", () => {
    expect(checks(loop(`(i32.lt_u (local.tee 1 ${add(4)}) (i32.const 64))`))).toBe(0);
  });

  it("are left alone: from a constant to another, and down to 0", () => {
    expect(
      checks(`(local.set 1 (i32.const 0)) ${loop(`(i32.ne (local.tee 1 ${add(4)}) (i32.const 64))`)}`),
    ).toBe(0);
    expect(
      checks(`(local.set 1 (i32.const -5)) ${loop(`(i32.lt_s (local.tee 1 ${add(1)}) (i32.const 64))`)}`),
    ).toBe(0);
    expect(
      checks(`(local.set 1 (i32.const 8)) ${loop("(local.tee 1 (i32.sub (local.get 1) (i32.const 1)))")}`),
    ).toBe(0);
  });

  it.each([
    [
      "many rounds",
      `(local.set 1 (i32.const 0)) ${loop(`(i32.lt_u (local.tee 1 ${add(1)}) (i32.const 100000))`)}`,
    ],
    ["an unknown start", loop(`(i32.ne (local.tee 1 ${add(4)}) (i32.const 64))`)],
    [
      "a start set on one way only",
      `(if (local.get 0) (then (local.set 1 (i32.const 0)))) ` +
        `${loop(`(i32.ne (local.tee 1 ${add(4)}) (i32.const 64))`)}`,
    ],
    [
      "a start overwritten",
      `(local.set 1 (i32.const 0)) (local.set 1 (local.get 0)) ` +
        `${loop(`(i32.ne (local.tee 1 ${add(4)}) (i32.const 64))`)}`,
    ],
    [
      "a start from the other arm",
      `(local.set 1 (i32.const 1)) (if (local.get 0) (then (local.set 1 (i32.const ` +
        `0))) (else ${loop(`(i32.ne (local.tee 1 ${add(4)}) (i32.const 64))`)}))`,
    ],
    [
      "a step that misses the bound",
      `(local.set 1 (i32.const 0)) ${loop(`(i32.ne (local.tee 1 ${add(3)}) (i32.const 64))`)}`,
    ],
    ["no step", `(local.set 1 (i32.const 0)) ${loop(`(i32.ne (local.tee 1 ${add(0)}) (i32.const 64))`)}`],
    [
      "an overflow",
      `(local.set 1 (i32.const 0x7fffffff)) ${loop(`(i32.lt_s (local.tee 1 ${add(1)}) (i32.const 64))`)}`,
    ],
    [
      "a counter changed elsewhere",
      `(local.set 1 (i32.const 0)) ` +
        `${loop(`(i32.lt_u (local.tee 1 ${add(1)}) (i32.const 64))`, "(local.set 1 (i32.const 0))")}`,
    ],
    [
      "another way back",
      `(loop $l (br_if $l (local.get 0)) (br_if $l (i32.lt_u (local.tee 1 ${add(1)}) (i32.const 64))))`,
    ],
    [
      "a way back from inside",
      `(loop $l (if (local.get 0) (then (br $l))) (br_if $l ` +
        `(i32.lt_u (local.tee 1 ${add(1)}) (i32.const 64))))`,
    ],
    ["another local compared", loop(`(i32.lt_u (local.tee 2 ${add(1)}) (i32.const 64))`)],
  ])("are not seen in %s", (_what, body) => {
    expect(checks(body)).toBe(1);
  });

  it("are not seen around an inner loop or a call", () => {
    const bottom = `(i32.lt_u (local.tee 1 ${add(1)}) (i32.const 64))`;
    expect(checks(loop(bottom, "(loop $inner (br_if $inner (local.get 0)))"))).toBe(2);
    expect(checks(loop(bottom, "(call 0 (i32.const 1))"))).toBeGreaterThan(0);
  });

  it("never go round more often than proved, for any start, step and bound", () => {
    const number = oneof(
      integer({ min: -70, max: 70 }),
      integer({ min: -0x80000000, max: 0x7fffffff }),
      constantFrom(0x7fffffff, -0x80000000),
    );
    const comparison = constantFrom("i32.lt_u", "i32.lt_s", "i32.ne");
    let proved = 0;
    const check = (start: number, step: number, bound: number, compare: string): void => {
      const body = `(local.set 1 (i32.const ${start})) (loop $l (global.set $g (i32.add (global.get $g)
        (i32.const 1)))
        (if (i32.gt_u (global.get $g) (i32.const 20000)) (then unreachable))
        (br_if $l (${compare} (local.tee 1 (i32.add (local.get 1) (i32.const ${step})))
          (i32.const ${bound}))))`;
      if (checks(body) > 0) return;
      proved++;
      // Traps beyond a small number of iterations.
      const module = assemble(
        `(module (global $g (mut i32) (i32.const 0)) (func (export "f") (local i32 i32) ${body}))`,
      );
      expect(compareModule(module)).toMatchObject({ kind: "equal", traps: 0 });
    };
    assert(property(number, number, number, comparison, check), { numRuns: 500, seed: 7 });
    expect(proved).toBeGreaterThan(20);
  });
});
