// Names of programs in shared memory, so that the ticker can tell which one blocks the process when the
// blocked thread cannot.

/** Programs distinguished at once; further ones replace the oldest. */
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

  /** Guest thread: adds a name (Latin letters; cut if too long) and returns its number. */
  add(name: string): number {
    const number = this.#next;
    this.#next = (number + 1) % ENTRIES;
    const text = Buffer.from(name, "latin1").subarray(0, ENTRY_BYTES - 1);
    this.#bytes.set(text, number * ENTRY_BYTES + 1);
    this.#bytes[number * ENTRY_BYTES] = text.length;
    return number;
  }

  /** Ticker: the name last added under the number. */
  of(number: number): string {
    const start = number * ENTRY_BYTES + 1;
    return Buffer.from(this.#bytes.subarray(start, start + (this.#bytes[start - 1] ?? 0))).toString("latin1");
  }
}
