// The accepted instructions with the immediates of each opcode, and the names of refused ones.

/** Shapes of immediates. Those from `special` on are decoded by the scanner one by one. */
export const SHAPE = {
  none: 0,
  integer: 1,
  twoIntegers: 2,
  memoryArgument: 3,
  bytes4: 4,
  bytes8: 5,
  constant32: 6,
  localWrite: 7,
  special: 8,
  unknown: 9,
} as const;

/** Opcodes that the scanner treats by name. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  delegate: 0x18,
  catchAll: 0x19,
  selectTyped: 0x1c,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableSet: 0x26,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i32Sub: 0x6b,
  refNull: 0xd0,
  refFunc: 0xd2,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  prefixMisc: 0xfc,
  prefixSimd: 0xfd,
} as const;

/** Opcodes below the prefix 0xfc from `memory.init` on. */
export const MISC = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const;

const SPECIAL: readonly number[] = [
  OP.unreachable,
  OP.block,
  OP.loop,
  OP.if,
  OP.else,
  OP.try,
  OP.catch,
  OP.throw,
  OP.rethrow,
  OP.throwRef,
  OP.end,
  OP.br,
  OP.brIf,
  OP.brTable,
  OP.return,
  OP.call,
  OP.callIndirect,
  OP.returnCall,
  OP.returnCallIndirect,
  OP.delegate,
  OP.catchAll,
  OP.selectTyped,
  OP.tryTable,
  OP.tableSet,
  OP.memoryGrow,
  OP.refNull,
  OP.refFunc,
  OP.brOnNull,
  OP.brOnNonNull,
  OP.prefixMisc,
  OP.prefixSimd,
];

/** Shape of each one-byte opcode. */
export const SHAPES: Uint8Array = shapes();

function shapes(): Uint8Array {
  const table = new Uint8Array(256).fill(SHAPE.unknown);
  const set = (shape: number, from: number, to = from): void => void table.fill(shape, from, to + 1);
  set(SHAPE.none, 0x01); // nop
  set(SHAPE.none, 0x1a, 0x1b); // drop, select
  set(SHAPE.integer, 0x20, 0x25); // local.get, global.*, table.get
  set(SHAPE.localWrite, 0x21, 0x22); // local.set, local.tee
  set(SHAPE.memoryArgument, 0x28, 0x3e);
  set(SHAPE.integer, 0x3f); // memory.size
  set(SHAPE.constant32, 0x41);
  set(SHAPE.integer, 0x42); // i64.const
  set(SHAPE.bytes4, 0x43);
  set(SHAPE.bytes8, 0x44);
  set(SHAPE.none, 0x45, 0xc4); // numeric, sign extension
  set(SHAPE.none, 0xd1); // ref.is_null
  set(SHAPE.none, 0xd4); // ref.as_non_null, which wasm-opt emits for exnref
  for (const opcode of SPECIAL) set(SHAPE.special, opcode);
  return table;
}

/** Name of the proposal that an unknown opcode comes from. */
export function foreignInstruction(opcode: number): string {
  if (opcode === 0xfb || opcode === 0xd3) return "GC types";
  if (opcode === 0xfe) return "threads (atomic instructions)";
  if (opcode >= 0xe0 && opcode <= 0xe6) return "stack switching";
  const typedReferences = opcode === 0x14 || opcode === 0x15;
  return typedReferences ? "typed function references" : `the unknown instruction 0x${opcode.toString(16)}`;
}

/** Name of the proposal that an unknown SIMD opcode comes from. */
export function foreignSimdInstruction(opcode: number): string {
  return opcode >= 0x100 && opcode <= 0x113
    ? "relaxed SIMD (its results differ between machines)"
    : `the unknown SIMD instruction 0x${opcode.toString(16)}`;
}
