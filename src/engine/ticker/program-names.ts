// Names of programs in memory that both threads see, so that the ticker can tell which one holds the process
// when its owner no longer can.

/** Programs told apart at once; further ones replace the oldest. */
const ENTRIES = 4096;
/** Of one entry: the length of the name, then the name; four words take 50 at most. */
const ENTRY_BYTES = 64;

/** The table. */
export class ProgramNames {
  readonly buffer: SharedArrayBuffer;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  #next = 0;

  constructor(buffer = new SharedArrayBuffer(ENTRIES * ENTRY_BYTES)) {
    this.buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
  }

  /** Guest thread: takes a name in (Latin letters; what is too long is cut) and returns its number. */
  add(name: string): number {
    const number = this.#next;
    this.#next = (number + 1) % ENTRIES;
    const text = Buffer.from(name, "latin1").subarray(0, ENTRY_BYTES - 1);
    this.#bytes.set(text, number * ENTRY_BYTES + 1);
    this.#bytes[number * ENTRY_BYTES] = text.length;
    return number;
  }

  /** Ticker: the name that was added under the number last. */
  of(number: number): string {
    const start = number * ENTRY_BYTES + 1;
    return Buffer.from(this.#bytes.subarray(start, start + (this.#bytes[start - 1] ?? 0))).toString("latin1");
  }
}
