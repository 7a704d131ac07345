// Output of one stream up to its next line end. Each byte is copied once, however small the pieces are.

/** A line without end is cut into events of this size. */
const MAX_LINE_BYTES = 8 * 1024;
const NEWLINE = 10;

export class LineBuffer {
  readonly #bytes = Buffer.allocUnsafe(MAX_LINE_BYTES);
  #length = 0;
  #whole = false;

  get isEmpty(): boolean {
    return this.#length === 0 && !this.#whole;
  }

  /** The line is complete, or has as many bytes as an event may have. */
  get isWhole(): boolean {
    return this.#whole;
  }

  /** Takes bytes up to and including the line end; returns how many. */
  take(bytes: Uint8Array): number {
    const room = MAX_LINE_BYTES - this.#length;
    const newline = bytes.subarray(0, room + 1).indexOf(NEWLINE);
    const length = newline >= 0 ? newline : Math.min(room, bytes.length);
    this.#bytes.set(bytes.subarray(0, length), this.#length);
    this.#length += length;
    this.#whole = newline >= 0 || bytes.length > room;
    return newline >= 0 ? length + 1 : length;
  }

  /** The line without its end; valid until the next bytes are taken. */
  flush(): Uint8Array {
    const line = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#whole = false;
    return line;
  }
}
