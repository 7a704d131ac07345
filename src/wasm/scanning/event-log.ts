// The instructions in function bodies that the rewriter may have to change, in order, as flat numbers: a
// module has many.

/** What kind of instruction it is. */
export const EVENT = {
  /** A loop; its argument is 1 if some branch goes back to it. `end` is the first instruction inside. */
  loop: 0,
  /** Argument: function index. */
  call: 1,
  /** Argument: type index. */
  callIndirect: 2,
  tailCall: 3,
  tailCallIndirect: 4,
  /** A bulk operation on memory whose size is not a small constant. */
  memoryFill: 5,
  memoryCopy: 6,
  /** Argument: data segment. */
  memoryInit: 7,
  /** A single instruction that may take long; its argument is what it costs. */
  work: 8,
  return: 9,
  memoryGrow: 10,
  /** Argument: table index. */
  tableGrow: 11,
} as const;

const STRIDE = 5;
const FIRST_CAPACITY = 1024;

/** An append-only list of instructions. */
export class EventLog {
  private numbers = new Int32Array(FIRST_CAPACITY * STRIDE);
  length = 0;

  /** Adds an instruction and returns its number. */
  add(kind: number, start: number, end: number, argument: number): number {
    const at = this.length * STRIDE;
    if (at + STRIDE > this.numbers.length) this.grow();
    const { numbers } = this;
    numbers[at] = kind;
    numbers[at + 1] = start;
    numbers[at + 2] = end;
    numbers[at + 3] = argument;
    return this.length++;
  }

  kind(event: number): number {
    return this.numbers[event * STRIDE] ?? 0;
  }

  /** First byte of the instruction. */
  start(event: number): number {
    return this.numbers[event * STRIDE + 1] ?? 0;
  }

  /** First byte after the instruction. */
  end(event: number): number {
    return this.numbers[event * STRIDE + 2] ?? 0;
  }

  argument(event: number): number {
    return this.numbers[event * STRIDE + 3] ?? 0;
  }

  setArgument(event: number, argument: number): void {
    this.numbers[event * STRIDE + 3] = argument;
  }

  /** The loop ends by itself after so much work that it counts as one slow instruction. */
  makeWork(event: number, cost: number): void {
    this.numbers[event * STRIDE] = EVENT.work;
    this.setArgument(event, cost);
  }

  /** The instruction is followed by `unreachable`: the callee does not return. */
  markFinal(event: number): void {
    this.numbers[event * STRIDE + 4] = 1;
  }

  isFinal(event: number): boolean {
    return this.numbers[event * STRIDE + 4] === 1;
  }

  private grow(): void {
    const grown = new Int32Array(this.numbers.length * 2);
    grown.set(this.numbers);
    this.numbers = grown;
  }
}
