// Finds where functions take room on the stack in memory, in code by clang and rustc: what they call the
// stack pointer is a global. A frame of a fixed size begins with `global.get pointer`, `i32.const size`,
// `i32.sub`; from there on, the function addresses it by what that gives.
import { OP } from "./instructions.ts";

/** The value that begins a frame. */
export interface FrameStart {
  /** First byte after the instruction that leaves it. */
  readonly at: number;
  /** The local that has taken it; -1: it is only on the operand stack. */
  readonly local: number;
  /** It is on the operand stack as well as in the local. */
  readonly isTee: boolean;
}

const STEP = { nothing: 0, pointer: 1, size: 2, difference: 3 } as const;

/** Sees the instructions of each function in order. */
export class FrameWatch {
  private readonly pointer: number;
  private step: number = STEP.nothing;

  constructor(pointer: number) {
    this.pointer = pointer;
  }

  /**
   * Takes an instruction from `at` to `after`, with its index if it names a local or a global. Gives the
   * frame whose value is complete with it, or was before it.
   */
  see(opcode: number, index: number, at: number, after: number): FrameStart | null {
    const { step } = this;
    this.step = this.next(opcode, index);
    if (step !== STEP.difference) return null;
    const isTee = opcode === OP.localTee;
    if (isTee || opcode === OP.localSet) return { at: after, local: index, isTee };
    // The mask of a frame that is aligned to more than the stack is.
    return opcode === OP.i32Const ? { at, local: -1, isTee: false } : null;
  }

  private next(opcode: number, index: number): number {
    if (opcode === OP.globalGet && index === this.pointer) return STEP.pointer;
    if (this.step === STEP.pointer && opcode === OP.localTee) return STEP.pointer;
    if (this.step === STEP.pointer && opcode === OP.i32Const) return STEP.size;
    return this.step === STEP.size && opcode === OP.i32Sub ? STEP.difference : STEP.nothing;
  }
}
