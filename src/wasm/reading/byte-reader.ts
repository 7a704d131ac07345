// Reads the primitives of the binary format: bytes, LEB128 integers, names.
import { TerrariumError } from "../../errors/index.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A position in bytes that only moves forward and never past `end`. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    const value = this.position < this.end ? this.bytes[this.position] : undefined;
    if (value === undefined) throw this.malformed("ends in the middle of an entry");
    this.position++;
    return value;
  }

  /** An unsigned integer of at most `bits` bits (up to 53 stay exact). */
  unsigned(bits = 32): number {
    let value = 0;
    for (let scale = 1, taken = 0; ; scale *= 128, taken += 7) {
      if (taken >= bits) throw this.malformed("holds an integer that is too long");
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** A signed 32-bit integer. */
  signed32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 25 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value;
    }
    throw this.malformed("holds an integer that is too long");
  }

  /** Skips an integer of any width up to 64 bits. */
  skipInteger(): void {
    for (let count = 0; count < 10; count++) if (this.byte() < 0x80) return;
    throw this.malformed("holds an integer that is too long");
  }

  skip(count: number): void {
    if (count > this.end - this.position) throw this.malformed("ends in the middle of an entry");
    this.position += count;
  }

  /** A length-prefixed UTF-8 name. */
  name(): string {
    const length = this.unsigned();
    const start = this.position;
    this.skip(length);
    return UTF8.decode(this.bytes.subarray(start, this.position));
  }

  /** Reads a count, then that many entries. */
  vector<T>(entry: (index: number) => T): T[] {
    const count = this.unsigned();
    if (count > this.end - this.position) throw this.malformed("announces more entries than it has bytes");
    const entries: T[] = [];
    for (let index = 0; index < count; index++) entries.push(entry(index));
    return entries;
  }

  malformed(what: string): TerrariumError {
    return new TerrariumError("TER_WASM_INVALID", { reason: `it ${what}, at byte ${this.position}` });
  }
}
