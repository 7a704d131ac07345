import { describe, expect, it } from "vitest";
import { BULK_SLICE_BYTES } from "./bulk-functions.ts";
import {
  assemble,
  instantiateOriginal,
  instantiateRewritten,
  outcome,
  program,
  rewrite,
} from "../testing/fixtures.ts";

const MIB = 1_048_576;
const MEMORY_BYTES = 4 * MIB;
const SEGMENT_BYTES = 2_500_000;

const TEXT = program(`
  (memory (export "memory") ${MEMORY_BYTES / 65_536} 80)
  (data $big "${"abcdefghi\\00".repeat(SEGMENT_BYTES / 10)}")
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $big (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (data.drop $big))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
`);
const original = assemble(TEXT);
const rewritten = rewrite(TEXT);

/** Runs the calls in both forms; outcomes and all of memory must agree. */
function compare(...calls: readonly (readonly [string, ...number[]])[]): string[] {
  const instances = [instantiateOriginal(original), instantiateRewritten(rewritten)];
  const outcomes = instances.map((instance) => {
    const bytes = new Uint8Array(instance.memory!.buffer);
    for (let at = 0; at < bytes.length; at += 97) bytes[at] = at % 251;
    return calls.map(([name, ...parameters]) => outcome(() => instance.call(name, ...parameters)));
  });
  expect(outcomes[1]).toEqual(outcomes[0]);
  const [before, after] = instances.map((instance) => Buffer.from(instance.memory!.buffer));
  expect(Buffer.compare(before!, after!)).toBe(0);
  return outcomes[0]!;
}

const SIZES = [
  0,
  1,
  4097,
  BULK_SLICE_BYTES - 1,
  BULK_SLICE_BYTES,
  BULK_SLICE_BYTES + 1,
  2 * BULK_SLICE_BYTES,
  2_400_000,
];
const OUT_OF_BOUNDS = "trap: memory access out of bounds";

describe("bulk operations in slices", () => {
  it.each(SIZES)("fill %i bytes as the instruction does", (size) => {
    compare(["fill", 100, 7, size]);
  });

  it.each(SIZES)("copy %i bytes, overlapping either way", (size) => {
    compare(["copy", 1000, 0, size], ["copy", 5, 77_777, size]);
    compare(["copy", 1_500_000, 3, size]);
    compare(["copy", 3, 1_500_000, size], ["copy", 9, 9, size]);
  });

  it.each(SIZES)("initialise %i bytes from a segment", (size) => {
    compare(["init", 11, 13, size]);
  });

  it("reach exactly the end of memory and of the segment", () => {
    expect(
      compare(["fill", MEMORY_BYTES - 3 * MIB, 1, 3 * MIB], ["copy", 0, MEMORY_BYTES - 2 * MIB, 2 * MIB]),
    ).toEqual(["undefined", "undefined"]);
    expect(compare(["init", MEMORY_BYTES - SEGMENT_BYTES, 0, SEGMENT_BYTES])).toEqual(["undefined"]);
  });

  it("trap before any write when the range ends one byte beyond", () => {
    expect(compare(["fill", MEMORY_BYTES - 3 * MIB + 1, 1, 3 * MIB])).toEqual([OUT_OF_BOUNDS]);
    expect(compare(["copy", MEMORY_BYTES - 2 * MIB + 1, 0, 2 * MIB])).toEqual([OUT_OF_BOUNDS]);
    expect(compare(["copy", 0, MEMORY_BYTES - 2 * MIB + 1, 2 * MIB])).toEqual([OUT_OF_BOUNDS]);
    expect(compare(["init", MEMORY_BYTES - 2 * MIB + 1, 0, 2 * MIB])).toEqual([OUT_OF_BOUNDS]);
    expect(compare(["init", 0, SEGMENT_BYTES - 2 * MIB + 1, 2 * MIB])).toEqual([OUT_OF_BOUNDS]);
  });

  it("trap on addresses whose sum passes 32 bits", () => {
    expect(
      compare(
        ["fill", -1, 1, -1],
        ["fill", -2 * MIB, 1, 2 * MIB],
        ["copy", -4 * MIB, 0, 5 * MIB],
        ["copy", 0, -4 * MIB, 5 * MIB],
      ),
    ).toEqual(Array(4).fill(OUT_OF_BOUNDS));
  });

  it("trap on small sizes out of bounds, and on size 0 beyond the end only", () => {
    expect(
      compare(
        ["fill", MEMORY_BYTES, 1, 0],
        ["fill", MEMORY_BYTES + 1, 1, 0],
        ["fill", MEMORY_BYTES - 1, 1, 2],
      ),
    ).toEqual(["undefined", OUT_OF_BOUNDS, OUT_OF_BOUNDS]);
  });

  it("trap on a dropped segment, and not for size 0", () => {
    expect(compare(["drop"], ["init", 0, 0, 2 * MIB], ["init", 0, 0, 1], ["init", 0, 0, 0])).toEqual([
      "undefined",
      OUT_OF_BOUNDS,
      OUT_OF_BOUNDS,
      "undefined",
    ]);
  });

  it("see the size of a memory that grew", () => {
    compare(["grow", 10], ["fill", MEMORY_BYTES, 9, 10 * 65_536], ["fill", MEMORY_BYTES, 9, 10 * 65_536 + 1]);
  });

  it("end between slices when the kill word is set", () => {
    const instance = instantiateRewritten(rewritten);
    instance.kill![0] = -1;
    for (const name of ["fill", "copy", "init"])
      expect(outcome(() => instance.call(name, 0, 0, 2 * MIB))).toBe("trap: unreachable");
  });

  it("stay single instructions where the size is a small constant", () => {
    const small = rewrite(
      program("(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 4096)))"),
    );
    const large = rewrite(
      program("(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 4097)))"),
    );
    expect(small.bytes.length).toBeLessThan(large.bytes.length);
    expect(WebAssembly.validate(small.bytes) && WebAssembly.validate(large.bytes)).toBe(true);
  });
});
