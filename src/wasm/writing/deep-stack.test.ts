import { describe, expect, it } from "vitest";
import { ENGINE_NAMES } from "../layout.ts";
import { rewriteModule } from "../rewrite-module.ts";
import {
  assemble,
  instantiateRewritten,
  program,
  TEST_OPTIONS,
  type TestInstance,
} from "../testing/fixtures.ts";
import { allowDeepStack } from "./deep-stack.ts";

const PAGE_BYTES = 65_536;
const DEEP_BYTES = 16 * PAGE_BYTES;
/** A stack of one page, then data. `frames` takes a frame of 1000 bytes per level, and gives the last one. */
const FRAMES = `(memory (export "memory") 2) (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "data")
  (func $frames (export "frames") (param $levels i32) (result i32) (local $frame i32)
    global.get $__stack_pointer i32.const 1000 i32.sub local.tee $frame global.set $__stack_pointer
    (i64.store (local.get $frame) (i64.const -1))
    (if (local.get $levels)
      (then (local.set $levels (call $frames (i32.sub (local.get $levels) (i32.const 1)))))
      (else (local.set $levels (local.get $frame))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 1000)))
    local.get $levels)
  (func (export "pointer") (result i32) global.get $__stack_pointer)`;

function instance(fields: string, maxMemoryPages = 256): TestInstance {
  const wasm = allowDeepStack(assemble(program(fields)));
  return instantiateRewritten(rewriteModule(wasm, { ...TEST_OPTIONS, maxMemoryPages }));
}

const noteOf = ({ exports }: TestInstance): unknown =>
  (exports[ENGINE_NAMES.refusedGrowth] as WebAssembly.Global).value;

describe("a stack that may go on", () => {
  it("stays where the linker put it as long as frames fit", () => {
    const guest = instance(FRAMES);
    expect(guest.call("frames", 64)).toBe(PAGE_BYTES - 65 * 1000);
    expect(guest.memory?.buffer.byteLength).toBe(2 * PAGE_BYTES);
  });

  it("goes on at the end of new memory, and begins again there", () => {
    const guest = instance(FRAMES);
    for (let round = 0; round < 2; round++) {
      expect(guest.call("frames", 65)).toBe(2 * PAGE_BYTES + DEEP_BYTES - 1000);
      expect(guest.call("frames", 1000)).toBe(2 * PAGE_BYTES + DEEP_BYTES - 936 * 1000);
      expect(guest.memory?.buffer.byteLength).toBe(2 * PAGE_BYTES + DEEP_BYTES);
      expect(guest.call("pointer")).toBe(PAGE_BYTES);
    }
  });

  it("ends before it would leave the new memory, and notes why", () => {
    const guest = instance(FRAMES);
    expect(() => guest.call("frames", 100_000)).toThrow("unreachable");
    expect(noteOf(guest)).toBe(0x7fff_ffffn << 32n);
    const data = new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(), PAGE_BYTES, PAGE_BYTES);
    expect(Buffer.from(data.subarray(0, 4)).toString()).toBe("data");
    expect(data.subarray(4).every((byte) => byte === 0)).toBe(true);
  });

  it("notes that memory could not grow for it", () => {
    const guest = instance(FRAMES, 10);
    expect(() => guest.call("frames", 100)).toThrow("unreachable");
    expect(noteOf(guest)).toBe((1n << 32n) + 16n);
  });

  it("does nothing in a module without the mark, or whose data come first", () => {
    const plain = instantiateRewritten(rewriteModule(assemble(program(FRAMES)), TEST_OPTIONS));
    expect(() => plain.call("frames", 100)).toThrow("out of bounds");
    const dataFirst = instance(FRAMES.replace("(data (i32.const 65536)", "(data (i32.const 16)"));
    expect(() => dataFirst.call("frames", 100)).toThrow("out of bounds");
  });
});
