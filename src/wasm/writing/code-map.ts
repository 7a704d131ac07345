// Maps code offsets in the rewritten module to offsets in the original.
//
// Encoding, all integers LEB128: version (1); start of the code section's contents in the new and in the old
// module; number of imported, of original and of injected functions; then the new size of each body in order;
// then the number of marks and for each mark how far the new offset lies beyond the previous mark's, and by
// how much (signed) the distance old - new changes there. From a mark on, old and new offsets run in step, up
// to the next mark.
import { ByteReader } from "../reading/byte-reader.ts";
import { ByteWriter, unsignedLength } from "./byte-writer.ts";

const VERSION = 1;

/** Where code is, by module offsets. */
export interface CodeMap {
  /**
   * Offset in the original module for an offset in the rewritten one; null outside the guest's own functions.
   */
  toOriginal(newOffset: number): number | null;
  /** The function whose body holds an offset of the rewritten module. */
  functionAt(newOffset: number): { readonly index: number; readonly injected: boolean } | null;
  /** True for functions that the rewriter appended; V8's stack traces show them by index. */
  isInjected(functionIndex: number): boolean;
  /**
   * DWARF counts from the start of the code section's contents: the address for an offset of the original
   * module.
   */
  toDwarfAddress(originalOffset: number): number;
}

/** Collects the map while the code section is written. Offsets are relative to the new section's contents. */
export class CodeMapWriter {
  private readonly sizes = new ByteWriter(4096);
  private readonly marks = new ByteWriter(4096);
  private count = 0;
  private previousNew = 0;
  private previousDistance = 0;

  /** From here on `newOffset` and `oldOffset` (of the original module) run in step. */
  mark(newOffset: number, oldOffset: number): void {
    const distance = oldOffset - newOffset;
    if (distance === this.previousDistance) return;
    this.marks.unsigned(newOffset - this.previousNew);
    writeSigned(this.marks, distance - this.previousDistance);
    this.previousNew = newOffset;
    this.previousDistance = distance;
    this.count++;
  }

  body(size: number): void {
    this.sizes.unsigned(size);
  }

  finish(counts: {
    newCodeStart: number;
    oldCodeStart: number;
    imported: number;
    original: number;
    injected: number;
  }): Uint8Array {
    const out = new ByteWriter(this.sizes.length + this.marks.length + 64);
    out.byte(VERSION).unsigned(counts.newCodeStart).unsigned(counts.oldCodeStart);
    out.unsigned(counts.imported).unsigned(counts.original).unsigned(counts.injected);
    out.bytes(this.sizes.view()).unsigned(this.count).bytes(this.marks.view());
    return out.view();
  }
}

/** Reads what `rewriteModule` returned as `codeMap`. */
export function decodeCodeMap(codeMap: Uint8Array): CodeMap {
  const reader = new ByteReader(codeMap);
  if (reader.byte() !== VERSION) throw new RangeError("The code map has an unknown version");
  const [newCodeStart, oldCodeStart] = [reader.unsigned(), reader.unsigned()];
  const [imported, original, injected] = [reader.unsigned(), reader.unsigned(), reader.unsigned()];
  const { starts, ends } = readBodies(reader, newCodeStart, original + injected);
  const { newOffsets, distances } = readMarks(reader, newCodeStart);
  const bodyAt = (offset: number): number => {
    const body = lastAtMost(starts, offset);
    return body >= 0 && offset < (ends[body] ?? 0) ? body : -1;
  };
  return {
    toOriginal(newOffset) {
      const body = bodyAt(newOffset);
      if (body < 0 || body >= original) return null;
      const mark = lastAtMost(newOffsets, newOffset);
      const old = newOffset + (distances[mark] ?? 0);
      const next = newOffsets[mark + 1];
      return next === undefined ? old : Math.min(old, next + (distances[mark + 1] ?? 0));
    },
    functionAt(newOffset) {
      const body = bodyAt(newOffset);
      return body < 0 ? null : { index: imported + body, injected: body >= original };
    },
    isInjected: (functionIndex) => functionIndex >= imported + original,
    toDwarfAddress: (originalOffset) => originalOffset - oldCodeStart,
  };
}

function readBodies(
  reader: ByteReader,
  codeStart: number,
  count: number,
): { starts: Float64Array; ends: Float64Array } {
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  let at = codeStart + unsignedLength(count);
  for (let body = 0; body < count; body++) {
    const size = reader.unsigned();
    starts[body] = at + unsignedLength(size);
    at += unsignedLength(size) + size;
    ends[body] = at;
  }
  return { starts, ends };
}

function readMarks(
  reader: ByteReader,
  codeStart: number,
): { newOffsets: Float64Array; distances: Float64Array } {
  const count = reader.unsigned();
  const newOffsets = new Float64Array(count);
  const distances = new Float64Array(count);
  let offset = codeStart;
  let distance = -codeStart;
  for (let mark = 0; mark < count; mark++) {
    offset += reader.unsigned();
    distance += readSigned(reader);
    newOffsets[mark] = offset;
    distances[mark] = distance;
  }
  return { newOffsets, distances };
}

/** Index of the last value that is at most `limit`, or -1. */
function lastAtMost(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Zigzag: small distances either way take one byte. */
function writeSigned(out: ByteWriter, value: number): void {
  out.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
}

function readSigned(reader: ByteReader): number {
  const zigzag = reader.unsigned();
  return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
}
