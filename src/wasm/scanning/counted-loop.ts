// Loops that provably end after few iterations and so need no check: their only back edge is a branch at the
// bottom, taken while a counter that only the bottom changes has not reached a constant.
//
// The bottom is what compilers write: local.get i, i32.const step, i32.add or i32.sub, local.tee i, then
// either i32.const bound and a comparison, or nothing (which compares with 0), then br_if.
import { ByteReader } from "../reading/byte-reader.ts";
import { OP, SHAPE, SHAPES } from "./instructions.ts";

const MAX_LOOP_BYTES = 4096;
const I32 = { constant: 0x41, ltSigned: 0x48, ltUnsigned: 0x49, notEqual: 0x47, add: 0x6a, sub: 0x6b };
const LOCAL = { get: 0x20, set: 0x21, tee: 0x22 };
const TWO_TO_32 = 0x1_0000_0000;

/** The counter, what each iteration adds to it, and when the loop continues. */
interface Counter {
  readonly local: number;
  readonly step: number;
  readonly bound: number;
  readonly comparison: number;
}

/**
 * Upper bound for the iterations of a loop, or Infinity if none can be proved. `start` is its first
 * instruction, `branch` the only branch back to it; `initial` gives the value that a local is known to have
 * before the loop, or undefined.
 */
export function maximumRounds(
  bytes: Uint8Array,
  start: number,
  branch: number,
  initial: (local: number) => number | undefined,
): number {
  if (branch - start > MAX_LOOP_BYTES) return Infinity;
  const starts = instructionStarts(bytes, start, branch);
  const counter = starts === null ? null : readBottom(bytes, starts);
  if (starts === null || counter === null || !changesOnlyAtBottom(bytes, starts, counter.local))
    return Infinity;
  return rounds(counter, initial(counter.local));
}

function rounds({ step, bound, comparison }: Counter, initial: number | undefined): number {
  if (comparison === I32.ltUnsigned) {
    // Whatever the counter was, after the first iteration it is below the bound, and then it only rises.
    const limit = bound >>> 0;
    return step > 0 && limit + step < TWO_TO_32 ? Math.ceil(limit / step) + 1 : Infinity;
  }
  if (initial === undefined || step === 0) return Infinity;
  if (comparison === I32.ltSigned) {
    const overflows = Math.max(bound, initial) + step >= TWO_TO_32 / 2;
    return step > 0 && !overflows ? Math.max(1, Math.ceil((bound - initial) / step)) : Infinity;
  }
  const distance = step > 0 ? (bound - initial) >>> 0 : (initial - bound) >>> 0;
  const count = distance / Math.abs(step);
  return Number.isInteger(count) && count > 0 ? count : Infinity;
}

function readBottom(bytes: Uint8Array, starts: readonly number[]): Counter | null {
  const opcode = (back: number): number => bytes[starts.at(-back) ?? -1] ?? -1;
  const operand = (back: number): number => new ByteReader(bytes, (starts.at(-back) ?? 0) + 1).signed32();
  const compares = opcode(1) === I32.ltSigned || opcode(1) === I32.ltUnsigned || opcode(1) === I32.notEqual;
  if (compares && opcode(2) !== I32.constant) return null;
  const top = compares ? 3 : 1;
  const shape = [opcode(top + 3), opcode(top + 2), opcode(top)];
  if (shape[0] !== LOCAL.get || shape[1] !== I32.constant || shape[2] !== LOCAL.tee) return null;
  const local = localAt(bytes, starts.at(-top) ?? 0);
  if (local !== localAt(bytes, starts.at(-top - 3) ?? 0)) return null;
  const change = opcode(top + 1);
  if (change !== I32.add && change !== I32.sub) return null;
  const step = change === I32.add ? operand(top + 2) : -operand(top + 2);
  return { local, step, bound: compares ? operand(2) : 0, comparison: compares ? opcode(1) : I32.notEqual };
}

function localAt(bytes: Uint8Array, at: number): number {
  return new ByteReader(bytes, at + 1).unsigned();
}

function changesOnlyAtBottom(bytes: Uint8Array, starts: readonly number[], local: number): boolean {
  const writes = starts.filter(
    (at) => (bytes[at] === LOCAL.set || bytes[at] === LOCAL.tee) && localAt(bytes, at) === local,
  );
  return writes.length === 1;
}

/** Starts of all instructions from `start` up to `end`; null if there is one that is not plain. */
function instructionStarts(bytes: Uint8Array, start: number, end: number): number[] | null {
  const reader = new ByteReader(bytes, start, end);
  const starts: number[] = [];
  while (!reader.done) {
    starts.push(reader.position);
    if (!skipPlain(reader)) return null;
  }
  return starts;
}

function skipPlain(reader: ByteReader): boolean {
  const opcode = reader.byte();
  switch (SHAPES[opcode]) {
    case SHAPE.none:
      return true;
    case SHAPE.integer:
    case SHAPE.localWrite:
    case SHAPE.constant32:
      reader.skipInteger();
      return true;
    case SHAPE.memoryArgument:
      reader.skipInteger();
      reader.skipInteger();
      return true;
    case SHAPE.bytes4:
      reader.skip(4);
      return true;
    case SHAPE.bytes8:
      reader.skip(8);
      return true;
    default:
      return skipControl(reader, opcode);
  }
}

function skipControl(reader: ByteReader, opcode: number): boolean {
  switch (opcode) {
    case OP.end:
    case OP.unreachable:
    case OP.else:
      return true;
    case OP.block:
    case OP.if:
    case OP.br:
    case OP.brIf:
      // A block type is one byte or an index; types of several bytes belong to references and are not plain.
      if (reader.bytes[reader.position] === 0x63 || reader.bytes[reader.position] === 0x64) return false;
      reader.skipInteger();
      return true;
    default:
      return false;
  }
}
