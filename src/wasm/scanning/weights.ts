// What code costs, in nanoseconds, in the slowest tier under bad conditions. Measured by
// `scripts/fuzz-cost-model.ts --atoms` in V8's baseline code: the sum of these weights bounds the time that
// straight-line code takes.
//
// Two weights are below the worst case, since the worst case cannot last: a load that misses every cache
// takes 300 ns and counts 100; a store to a page that the kernel has not supplied yet takes 1.6 µs and counts
// 150. `STRETCH_NS` leaves room for both: 10,000 such loads are 3 ms, 6,600 such stores 10 ms.

const BYTE = 1;
const LOAD = 100;
const STORE = 150;
const DIVISION = 12;
/** Intel's processors take 50 ns for one with a denormal number. */
const FLOAT = 50;
const CONVERSION = 12;
const SIMD = 10;

/** What single instructions and their parts cost. */
export const WEIGHT = {
  call: 8,
  callIndirect: 20,
  /** Each value that a call or branch passes beyond those in registers. */
  value: 4,
  registers: 6,
  /** Entry of a function. */
  entry: 4,
  /** Each local that a function declares; references are initialized one by one. */
  local: 0.35,
  tableGet: 20,
  tableSet: 40,
  refFunc: 20,
  drop: 20,
  /** A bulk operation of a small constant size, and each byte that it moves. */
  smallBulk: 120,
  smallBulkByte: 0.5,
  /** One slice of a large bulk operation on memory. */
  bulkSlice: 200_000,
  memoryGrow: 10_000,
  /** Comparison and call at a new frame; that the memory grows for it happens once. */
  frame: 30,
  /**
   * Bulk operations on tables and their growth: 3 ms at the ceiling of entries. More than a stretch: always
   * checked.
   */
  tableBulk: 3_000_000,
  /** V8 allocates an exception and captures a stack trace. */
  throw: 2000,
  /** A try block: V8 rethrows an exception that none of its clauses handles. */
  tryBlock: 500,
  /** A host function checks the kill word itself, before it does anything. */
  hostCall: 150,
} as const;

/** Weight of each one-byte opcode without its immediates. */
export const OPCODE_WEIGHTS: Uint8Array = opcodeWeights();

function opcodeWeights(): Uint8Array {
  const weights = new Uint8Array(256).fill(2 * BYTE);
  const set = (weight: number, from: number, to = from): void => void weights.fill(weight, from, to + 1);
  set(WEIGHT.tableGet, 0x25);
  set(WEIGHT.tableSet, 0x26);
  set(LOAD, 0x28, 0x35);
  set(STORE, 0x36, 0x3e);
  set(DIVISION, 0x6d, 0x70); // i32.div, i32.rem
  set(2 * DIVISION, 0x7f, 0x82); // i64.div, i64.rem
  set(FLOAT, 0x91, 0x95); // f32.sqrt, add, sub, mul, div
  set(FLOAT, 0x9f, 0xa3); // f64.sqrt, add, sub, mul, div
  set(CONVERSION, 0xa8, 0xbb); // conversions between integers and floats
  set(FLOAT, 0xb6); // f32.demote_f64
  set(FLOAT, 0xbb); // f64.promote_f32
  set(WEIGHT.refFunc, 0xd2);
  return weights;
}

/** Weight of an instruction with the SIMD prefix. */
export function simdWeight(opcode: number): number {
  if (opcode <= 10 || opcode === 92 || opcode === 93 || (opcode >= 84 && opcode <= 87)) return LOAD;
  if (opcode === 11 || (opcode >= 88 && opcode <= 91)) return STORE;
  return opcode >= 0xe0 || (opcode >= 0x5e && opcode <= 0x5f) ? FLOAT : SIMD;
}
