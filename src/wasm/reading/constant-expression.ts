// Constant expressions: initial values of globals and tables, offsets of segments.
import type { ByteReader } from "./byte-reader.ts";
import { readHeapType, unsupported } from "./value-types.ts";

/** A parsed expression: the functions it refers to, and its value if that is a plain i32. */
export interface ConstantExpression {
  readonly constant: number | null;
  readonly referenced: readonly number[];
}

const BINARY: Readonly<Record<number, (left: number, right: number) => number>> = {
  0x6a: (left, right) => (left + right) | 0,
  0x6b: (left, right) => (left - right) | 0,
  0x6c: Math.imul,
};

/** Reads up to and including `end`. Values that are not i32 or not known are null on the stack. */
export function readConstantExpression(reader: ByteReader): ConstantExpression {
  const stack: (number | null)[] = [];
  const referenced: number[] = [];
  for (;;) {
    const opcode = reader.byte();
    if (opcode === 0x0b) return { constant: stack.length === 1 ? (stack[0] ?? null) : null, referenced };
    const binary = BINARY[opcode];
    if (binary !== undefined) stack.push(combine(binary, stack.pop() ?? null, stack.pop() ?? null));
    else if (opcode >= 0x7c && opcode <= 0x7e) stack.splice(-2, 2, null);
    else stack.push(readOperand(reader, opcode, referenced));
  }
}

function combine(
  binary: (left: number, right: number) => number,
  right: number | null,
  left: number | null,
): number | null {
  return left === null || right === null ? null : binary(left, right);
}

function readOperand(reader: ByteReader, opcode: number, referenced: number[]): number | null {
  switch (opcode) {
    case 0x41:
      return reader.signed32();
    case 0x42:
      return skipped(() => reader.skipInteger());
    case 0x43:
      return skipped(() => reader.skip(4));
    case 0x44:
      return skipped(() => reader.skip(8));
    case 0x23:
      return skipped(() => reader.skipInteger());
    case 0xd0:
      return skipped(() => readHeapType(reader));
    case 0xd2:
      referenced.push(reader.unsigned());
      return null;
    case 0xfd:
      if (reader.unsigned() === 12) return skipped(() => reader.skip(16));
      throw unsupported("a SIMD instruction other than v128.const in a constant expression");
    default:
      throw unsupported(
        opcode === 0xfb ? "GC types" : `the instruction 0x${opcode.toString(16)} in a constant expression`,
      );
  }
}

function skipped(skip: () => unknown): null {
  skip();
  return null;
}
