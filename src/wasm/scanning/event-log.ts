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
  /** A single instruction that may take long; its argument is its weight. */
  work: 8,
  return: 9,
  memoryGrow: 10,
  /** Argument: table index. */
  tableGrow: 11,
  /** `throw`, `rethrow`, `throw_ref`. */
  throw: 12,
  block: 13,
  if: 14,
  else: 15,
  /** Of a block of any kind, or of the function. */
  end: 16,
  /** Argument: depth of the label. Nothing after it is reached. */
  branch: 17,
  /** Argument: depth of the label. Execution may continue. */
  branchIf: 18,
  /**
   * A clause of the `try_table` that follows. Argument: depth of the label, counted from outside the
   * `try_table`.
   */
  catchClause: 19,
  /** `try` or `try_table`. */
  try: 20,
  /** `catch` or `catch_all` of a `try`. */
  catch: 21,
  /** `unreachable`, or the end of a `br_table`. */
  unreachable: 22,
  /** Only the weight of the code before it: straight-line code is cut into pieces. */
  piece: 23,
  /** A loop that ends by itself after few iterations; its argument is their total weight. */
  countedLoop: 24,
  /**
   * Where a stack frame begins. Argument: twice the local that has taken its address, plus 1 if the address
   * is on the operand stack too; -1: it is only there.
   */
  frame: 25,
} as const;

const STRIDE = 6;
const FIRST_CAPACITY = 1024;

/** An append-only list of instructions. */
export class EventLog {
  private numbers = new Int32Array(FIRST_CAPACITY * STRIDE);
  length = 0;

  /** Adds an instruction and returns its number. `weight` is what the code since the previous one costs. */
  add(kind: number, start: number, end: number, argument: number, weight: number): number {
    const at = this.length * STRIDE;
    if (at + STRIDE > this.numbers.length) this.grow();
    const { numbers } = this;
    numbers[at] = kind;
    numbers[at + 1] = start;
    numbers[at + 2] = end;
    numbers[at + 3] = argument;
    numbers[at + 5] = weight;
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

  /** What the plain code between the previous event and this one costs. */
  weightBefore(event: number): number {
    return this.numbers[event * STRIDE + 5] ?? 0;
  }

  /** The loop ends by itself after work of this weight. */
  makeCountedLoop(event: number, weight: number): void {
    this.numbers[event * STRIDE] = EVENT.countedLoop;
    this.setArgument(event, weight);
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
