import { describe, expect, it } from "vitest";
import { instantiateRewritten, program, rewrite, type TestInstance } from "../testing/fixtures.ts";
import { ENGINE_NAMES } from "../layout.ts";

const GROWERS = `(memory 1 3) (table $t 2 5 funcref) (table $u 1 externref)
  (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "table") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))
  (func (export "other") (param externref i32) (result i32) (table.grow $u (local.get 0) (local.get 1)))
  (func (export "entry") (result externref) (table.get $u (i32.const 1)))`;

function noteOf({ exports }: TestInstance): unknown {
  return (exports[ENGINE_NAMES.refusedGrowth] as WebAssembly.Global).value;
}

describe("a growth that is refused", () => {
  it.each([
    ["memory", [3], (1n << 32n) + 3n],
    ["memory", [-1], (1n << 32n) + 0xffff_ffffn],
    ["table", [4], (2n << 32n) + 4n],
    ["other", [null, 2_000_000], (3n << 32n) + 2_000_000n],
  ] as const)("of %s by %j is noted and answers -1", (name, parameters, note) => {
    const instance = instantiateRewritten(rewrite(program(GROWERS)));
    expect(instance.call(name, ...parameters)).toBe(-1);
    expect(noteOf(instance)).toBe(note);
  });
});

describe("a growth that is granted", () => {
  it("returns the former size, records nothing and keeps an earlier record", () => {
    const instance = instantiateRewritten(rewrite(program(GROWERS)));
    expect([
      instance.call("memory", 1),
      instance.call("table", 3),
      instance.call("other", "filling", 1),
    ]).toEqual([1, 2, 1]);
    expect([instance.call("memory", 0), instance.call("entry")]).toEqual([2, "filling"]);
    expect(noteOf(instance)).toBe(0n);
    instance.call("memory", 9);
    instance.call("memory", 1);
    expect(noteOf(instance)).toBe((1n << 32n) + 9n);
  });
});

it.each(["1", "1 2000"])("A memory of %s pages grows to the platform's limit and no further", (bounds) => {
  const rewritten = rewrite(
    program(`(memory ${bounds}) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))`),
    { maxMemoryPages: 8 },
  );
  expect(rewritten.layout.memory).toEqual({ initialPages: 1, maximumPages: 8 });
  const instance = instantiateRewritten(rewritten);
  expect([instance.call("grow", 8), instance.call("grow", 7), instance.call("grow", 1)]).toEqual([-1, 1, -1]);
});

it("A module that grows nothing has no note", () => {
  expect(instantiateRewritten(rewrite(program("(memory 1) (table 1 funcref)"))).exports).not.toHaveProperty(
    ENGINE_NAMES.refusedGrowth,
  );
});
