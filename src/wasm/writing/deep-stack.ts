// A stack that goes on in new memory where a program needs more than its linker gave it.
//
// clang and rustc keep arrays, and whatever else needs an address, on a stack in memory, whose pointer is a
// global. A fresh instance costs time for every page of its memory, so our own compilers link a small stack,
// and say so in a custom section. Where a frame of such a program would leave its stack, the rewriter has it
// call an appended function, which grows the memory and lets the frame begin there. A
// memory that grew is discarded after the run, so a run that stays within the small stack pays a comparison
// for each frame, and nothing else.
import type { FunctionType } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { ByteWriter } from "./byte-writer.ts";
import { appendCustomSection } from "./custom-section.ts";
import { describeMemory } from "./describe-module.ts";
import { NOTED, noteIndex, noteOf } from "./growth-functions.ts";

/** Custom section of a module whose stack may go on. */
export const DEEP_STACK_SECTION = "terrarium.deep-stack";
const PAGE_BYTES = 65_536;
/** What a program gets beyond the stack that it was linked with. */
const DEEP_PAGES = 16;
const DEEP_BYTES = DEEP_PAGES * PAGE_BYTES;
/** Functions that call nothing may use 128 bytes below the pointer without setting it. */
const RED_ZONE_BYTES = 256;

/** Type of the appended function: where the frame would begin, and where it does. */
export const DEEP_STACK_TYPE: FunctionType = { params: ["i32"], results: ["i32"] };

/** Entry in the global section: the address of the new memory, 0 before there is one. */
export const DEEP_STACK_GLOBAL = Uint8Array.of(0x7f, 0x01, 0x41, 0x00, 0x0b);

/**
 * The module, marked. By that its builder says: the stack comes first in memory, all frames have fixed sizes,
 * and no code of the program takes memory that it did not itself grow.
 */
export function allowDeepStack(wasm: Uint8Array): Uint8Array {
  return appendCustomSection(wasm, DEEP_STACK_SECTION, new Uint8Array());
}

/** Where the stack of a program is that may go on elsewhere. */
export interface DeepStack {
  /** Index of the global with the stack pointer. */
  readonly pointer: number;
  /** The stack that the linker gave: from address 0 to this one, which the pointer has at first. */
  readonly top: number;
}

/** Null unless the module is marked and laid out as it says. */
export function findDeepStack(module: ModuleModel): DeepStack | null {
  if (!module.sections.some(({ name }) => name === DEEP_STACK_SECTION) || module.memories.length !== 1)
    return null;
  const { stackPointer, data } = describeMemory(module);
  if (stackPointer === null || data === null) return null;
  const { global: pointer, initial: top } = stackPointer;
  const isFirst = top > RED_ZONE_BYTES && (data[0]?.start ?? top) >= top;
  return isFirst && top <= (module.memories[0]?.bounds.minimum ?? 0) * PAGE_BYTES ? { pointer, top } : null;
}

/**
 * Goes where a frame begins: its address is replaced by the one that it gets, in the local that has it and on
 * the operand stack. `event`: as in `EVENT.frame`.
 */
export function frameGuard({ top }: DeepStack, event: number, placeFunction: number): Uint8Array {
  const out = new ByteWriter(32);
  if (event < 0) return out.byte(0x10).unsigned(placeFunction).view();
  const [local, isTee] = [event >> 1, (event & 1) === 1];
  if (isTee) out.byte(0x1a); // drop
  // local.get, i32.const, i32.sub, i32.const, i32.gt_u, if
  out.byte(0x20).unsigned(local).byte(0x41).signed32(RED_ZONE_BYTES).bytes([0x6b, 0x41]);
  out.signed32(top - RED_ZONE_BYTES).bytes([0x4b, 0x04, 0x40]);
  // local.get, call, local.set, end
  out.byte(0x20).unsigned(local).byte(0x10).unsigned(placeFunction).byte(0x21).unsigned(local).byte(0x0b);
  if (isTee) out.byte(0x20).unsigned(local);
  return out.view();
}

/**
 * Body of the appended function. While the pointer is in the first stack, nothing in the new one is in use:
 * the functions that were there have returned. So a frame that leaves the first stack begins at the new one's
 * end. One that leaves the new stack too is an overflow.
 */
export function placeFunctionBody(module: ModuleModel, { pointer, top }: DeepStack): Uint8Array {
  const [wanted, place] = [0, 1];
  const base = noteIndex(module) + 1;
  const out = new ByteWriter(128).bytes([0x01, 0x01, 0x7f]); // one i32 local: place
  // local.get wanted, i32.const, i32.sub, i32.const, i32.le_u, if, local.get wanted, return, end
  out.bytes([0x20, wanted, 0x41]).signed32(RED_ZONE_BYTES).bytes([0x6b, 0x41]);
  out.signed32(top - RED_ZONE_BYTES).bytes([0x4d, 0x04, 0x40, 0x20, wanted, 0x0f, 0x0b]);
  // global.get base, i32.eqz, if
  out.byte(0x23).unsigned(base).bytes([0x45, 0x04, 0x40]);
  // i32.const, memory.grow, local.tee place, i32.const -1, i32.eq, if, note, unreachable, end
  out.byte(0x41).signed32(DEEP_PAGES).bytes([0x40, 0x00, 0x22, place, 0x41, 0x7f, 0x46, 0x04, 0x40]);
  out.bytes(noteOf(module, NOTED.memory, [0x42, DEEP_PAGES])).bytes([0x00, 0x0b]);
  // local.get place, i32.const 16, i32.shl, global.set base, end
  out.bytes([0x20, place, 0x41, 16, 0x74, 0x24]).unsigned(base).byte(0x0b);
  // local.get wanted, global.get pointer, i32.const top, i32.le_u, if (result i32): base + size - pointer
  out.bytes([0x20, wanted, 0x23]).unsigned(pointer).byte(0x41).signed32(top).bytes([0x4d, 0x04, 0x7f]);
  out.byte(0x23).unsigned(base).byte(0x41).signed32(DEEP_BYTES).bytes([0x6a, 0x23]).unsigned(pointer);
  // i32.sub, else, i32.const 0, end, i32.add, local.tee place
  out.bytes([0x6b, 0x05, 0x41, 0x00, 0x0b, 0x6a, 0x22, place]);
  // global.get base, i32.const, i32.add, i32.sub, i32.const, i32.le_u, if, local.get place, return, end
  out.byte(0x23).unsigned(base).byte(0x41).signed32(RED_ZONE_BYTES).bytes([0x6a, 0x6b, 0x41]);
  out.signed32(DEEP_BYTES - RED_ZONE_BYTES).bytes([0x4d, 0x04, 0x40, 0x20, place, 0x0f, 0x0b]);
  return out
    .bytes(noteOf(module, NOTED.stack, [0x42, 0]))
    .bytes([0x00, 0x0b])
    .view();
}
