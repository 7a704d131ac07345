// Assembles classic BPF, the language of seccomp filters (linux/filter.h): 8 bytes an instruction, jumps
// forward only.

/** One instruction; jumps name a label, null goes on with the next instruction. */
export type Instruction =
  | { readonly kind: "load"; readonly offset: number }
  | {
      readonly kind: "jump";
      readonly test: "equal" | "greater" | "anyBit";
      readonly value: number;
      readonly matched: string | null;
      readonly unmatched: string | null;
    }
  | { readonly kind: "return"; readonly value: number }
  | { readonly kind: "label"; readonly name: string };

const LOAD_WORD = 0x20;
const RETURN = 0x06;
const JUMPS = { equal: 0x15, greater: 0x25, anyBit: 0x45 } as const;
const INSTRUCTION_BYTES = 8;
const FARTHEST_JUMP = 255;

/** The program as the kernel takes it, in the byte order of x86-64 and arm64. */
export function assembleBpf(instructions: readonly Instruction[]): Uint8Array {
  const labels = new Map<string, number>();
  const code: Exclude<Instruction, { kind: "label" }>[] = [];
  for (const instruction of instructions)
    if (instruction.kind === "label") labels.set(instruction.name, code.length);
    else code.push(instruction);
  const bytes = Buffer.alloc(code.length * INSTRUCTION_BYTES);
  for (const [index, instruction] of code.entries()) {
    const distance = (label: string | null): number => distanceTo(label, index, labels);
    const at = index * INSTRUCTION_BYTES;
    if (instruction.kind === "load") write(bytes, at, LOAD_WORD, 0, 0, instruction.offset);
    else if (instruction.kind === "return") write(bytes, at, RETURN, 0, 0, instruction.value);
    else {
      const { test, value, matched, unmatched } = instruction;
      write(bytes, at, JUMPS[test], distance(matched), distance(unmatched), value);
    }
  }
  return bytes;
}

function distanceTo(label: string | null, from: number, labels: ReadonlyMap<string, number>): number {
  if (label === null) return 0;
  const distance = (labels.get(label) ?? -1) - from - 1;
  if (distance < 0 || distance > FARTHEST_JUMP) throw new Error(`No jump reaches "${label}" from ${from}`);
  return distance;
}

function write(
  bytes: Buffer,
  at: number,
  code: number,
  matched: number,
  unmatched: number,
  value: number,
): void {
  bytes.writeUInt16LE(code, at);
  bytes.writeUInt8(matched, at + 2);
  bytes.writeUInt8(unmatched, at + 3);
  bytes.writeUInt32LE(value >>> 0, at + 4);
}
