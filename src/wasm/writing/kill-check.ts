// The instructions that read the kill word.

/** Index of the kill memory: it comes after memory 0, or is the only one. */
export type KillMemory = 0 | 1;

/**
 * Loads the kill word and traps if it is negative. A plain load and a sign test: an atomic load costs up to
 * five times as much in tight loops, and a call in the cold path keeps V8 from unrolling. Leaves the stack
 * unchanged, so it can be inserted between any two instructions.
 */
export function killCheck(memory: KillMemory): Uint8Array {
  const argument = memory === 0 ? [0x02, 0x00] : [0x42, memory, 0x00];
  // i32.const 0, i32.load, i32.const 0, i32.lt_s, if, unreachable, end
  return Uint8Array.of(0x41, 0x00, 0x28, ...argument, 0x41, 0x00, 0x48, 0x04, 0x40, 0x00, 0x0b);
}
