// Functions that the rewriter appends: bulk operations on memory 0 that read the kill word between slices.
//
// The first fill of 64 MiB takes 30 ms, and no check can interrupt it. Each function takes (destination,
// source or value, size). It traps exactly where the instruction does, before any write: sizes up to one
// slice go to the instruction itself; for larger ones the bounds are checked first, and if they fail the
// instruction gets the whole size and traps.
import { ByteWriter } from "./byte-writer.ts";
import type { KillMemory } from "./kill-check.ts";
import { killCheck } from "./kill-check.ts";

/** Bytes that one step moves. */
export const BULK_SLICE_BYTES = 1_048_576;

/** A bulk operation: `segment` and its length are set for `memory.init`. */
export type BulkOperation =
  | { readonly kind: "fill" }
  | { readonly kind: "copy" }
  | { readonly kind: "init"; readonly segment: number; readonly segmentBytes: number };

const DESTINATION = 0;
const SOURCE = 1;
const SIZE = 2;

/** Body of the function for an operation, locals included. Its type is (i32 i32 i32) -> (). */
export function bulkFunctionBody(operation: BulkOperation, kill: KillMemory): Uint8Array {
  const code = new BulkCode(operation, kill);
  return code.write();
}

class BulkCode {
  private readonly out = new ByteWriter();
  private readonly operation: BulkOperation;
  private readonly check: Uint8Array;

  constructor(operation: BulkOperation, kill: KillMemory) {
    this.operation = operation;
    this.check = killCheck(kill);
  }

  write(): Uint8Array {
    this.out.byte(0); // no locals
    this.trapIfOutOfBounds();
    if (this.operation.kind === "copy") this.copyEitherWay();
    else this.forwards();
    return this.out.byte(0x0b).view();
  }

  /** if size > slice and one of the ranges ends beyond its bounds: let the instruction trap. */
  private trapIfOutOfBounds(): void {
    this.ifLarger();
    this.endsBeyond(DESTINATION, () => this.memoryBytes());
    if (this.operation.kind === "copy") this.endsBeyond(SOURCE, () => this.memoryBytes()).out.byte(0x72);
    if (this.operation.kind === "init") {
      const { segmentBytes } = this.operation;
      this.endsBeyond(SOURCE, () => this.out.byte(0x42).signed32(segmentBytes)).out.byte(0x72);
    }
    this.out.bytes([0x04, 0x40]); // if
    this.get(DESTINATION, SOURCE, SIZE).instruction();
    this.out.bytes([0x0b, 0x0b]);
  }

  /** Leaves 1 if parameter + size > bound, in 64 bits. */
  private endsBeyond(parameter: number, bound: () => void): this {
    this.get(parameter).out.byte(0xad);
    this.get(SIZE).out.bytes([0xad, 0x7c]);
    bound();
    this.out.byte(0x56); // i64.gt_u
    return this;
  }

  private memoryBytes(): void {
    // memory.size, i64.extend_i32_u, i64.const 16, i64.shl
    this.out.bytes([0x3f, 0x00, 0xad, 0x42, 0x10, 0x86]);
  }

  /** loop: check; if size > slice: one slice, advance, again; after it: the rest. */
  private forwards(): void {
    this.out.bytes([0x03, 0x40]).bytes(this.check);
    this.ifLarger();
    this.get(DESTINATION, SOURCE).slice().instruction();
    this.add(DESTINATION);
    if (this.operation.kind !== "fill") this.add(SOURCE);
    this.shrink();
    this.out.bytes([0x0c, 0x01, 0x0b, 0x0b]); // br to the loop, end of if, end of loop
    this.get(DESTINATION, SOURCE, SIZE).instruction();
  }

  /** Overlapping ranges: forward if the destination is below the source, otherwise from the end. */
  private copyEitherWay(): void {
    this.get(DESTINATION, SOURCE).out.bytes([0x4d, 0x04, 0x40]); // i32.le_u, if
    this.forwards();
    this.out.byte(0x05); // else
    this.backwards();
    this.out.byte(0x0b);
  }

  private backwards(): void {
    this.out.bytes([0x03, 0x40]).bytes(this.check);
    this.ifLarger();
    this.shrink();
    for (const parameter of [DESTINATION, SOURCE]) this.get(parameter, SIZE).out.byte(0x6a);
    this.slice().instruction();
    this.out.bytes([0x0c, 0x01, 0x0b, 0x0b]);
    this.get(DESTINATION, SOURCE, SIZE).instruction();
  }

  private ifLarger(): void {
    this.get(SIZE).slice().out.bytes([0x4b, 0x04, 0x40]); // i32.gt_u, if
  }

  private add(parameter: number): void {
    this.get(parameter).slice().out.bytes([0x6a, 0x21, parameter]);
  }

  private shrink(): void {
    this.get(SIZE).slice().out.bytes([0x6b, 0x21, SIZE]);
  }

  private get(...parameters: readonly number[]): this {
    for (const parameter of parameters) this.out.bytes([0x20, parameter]);
    return this;
  }

  private slice(): this {
    this.out.byte(0x41).signed32(BULK_SLICE_BYTES);
    return this;
  }

  private instruction(): void {
    const { operation } = this;
    if (operation.kind === "fill") this.out.bytes([0xfc, 0x0b, 0x00]);
    else if (operation.kind === "copy") this.out.bytes([0xfc, 0x0a, 0x00, 0x00]);
    else this.out.bytes([0xfc, 0x08]).unsigned(operation.segment).byte(0);
  }
}
