// Writes the primitives of the binary format into a growing buffer.

const UTF8 = new TextEncoder();
const FIRST_CAPACITY_BYTES = 256;

/** How many bytes `value` takes as unsigned LEB128. */
export function unsignedLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Bytes under construction, in order. */
export class ByteWriter {
  private buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacityBytes = FIRST_CAPACITY_BYTES) {
    this.buffer = new Uint8Array(capacityBytes);
  }

  byte(value: number): this {
    this.reserve(1);
    this.buffer[this.length++] = value;
    return this;
  }

  bytes(values: ArrayLike<number>): this {
    this.reserve(values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
    return this;
  }

  /** Copies `source[start..end)` without creating a view. */
  copy(source: Uint8Array, start: number, end: number): this {
    return this.bytes(source.subarray(start, end));
  }

  unsigned(value: number): this {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
    return this;
  }

  /** A signed 32-bit integer. */
  signed32(value: number): this {
    let rest = value;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  name(text: string): this {
    const encoded = UTF8.encode(text);
    return this.unsigned(encoded.length).bytes(encoded);
  }

  /** What was written, as a view on the writer's own buffer. */
  view(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.view());
    this.buffer = grown;
  }
}
