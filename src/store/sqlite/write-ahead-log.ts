// Reads SQLite's write-ahead log beside SQLite: how far it is whole. SQLite itself ends at the first frame
// that does not fit and forgets what follows, be it the torn end of a crash or one flipped bit in the middle.
// Format: https://www.sqlite.org/fileformat.html#the_write_ahead_log
import { readFileSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/** A log as it lies on disk. */
export interface LogExtent {
  /** Tells this generation of the log from the one before, which the file may still hold behind it. */
  readonly salt: string;
  /** Frames up to the last commit whose checksums hold. */
  readonly frames: number;
}

/** A log and its bytes, as far as it is whole. */
export interface WholeLog extends LogExtent {
  readonly bytes: Buffer;
}

/** Null if there is no log, or its header does not hold. */
export function readLogExtent(path: string): LogExtent | null {
  const log = readLog(path);
  return log && { salt: log.salt, frames: log.frames };
}

/** Null if there is no log, or its header does not hold. */
export function readLog(path: string): WholeLog | null {
  const bytes = readIfThere(path);
  if (bytes === null || bytes.length < HEADER_BYTES) return null;
  const magic = bytes.readUInt32BE(0);
  if ((magic & ~1) >>> 0 !== MAGIC) return null;
  const bigEndian = (magic & 1) === 1;
  const pageBytes = bytes.readUInt32BE(8);
  const sum = new Checksum(bytes, bigEndian);
  sum.add(0, 24);
  if (!sum.is(24)) return null;
  const salt = bytes.toString("hex", 16, 24);
  let frames = 0;
  for (
    let at = HEADER_BYTES, frame = 1;
    at + FRAME_HEADER_BYTES + pageBytes <= bytes.length;
    at += FRAME_HEADER_BYTES + pageBytes, frame += 1
  ) {
    if (bytes.toString("hex", at + 8, at + 16) !== salt) break;
    sum.add(at, 8);
    sum.add(at + FRAME_HEADER_BYTES, pageBytes);
    if (!sum.is(at + 16)) break;
    const isCommit = bytes.readUInt32BE(at + 4) !== 0;
    if (isCommit) frames = frame;
  }
  const end = HEADER_BYTES + frames * (FRAME_HEADER_BYTES + pageBytes);
  return { salt, frames, bytes: bytes.subarray(0, end) };
}

/** The running checksum of header and frames. */
class Checksum {
  readonly #bytes: Buffer;
  readonly #bigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(bytes: Buffer, bigEndian: boolean) {
    this.#bytes = bytes;
    this.#bigEndian = bigEndian;
  }

  add(start: number, length: number): void {
    for (let at = start; at < start + length; at += 8) {
      this.#first = (this.#first + this.#word(at) + this.#second) >>> 0;
      this.#second = (this.#second + this.#word(at + 4) + this.#first) >>> 0;
    }
  }

  /** Whether the sum so far is the one that the file holds at `at`. */
  is(at: number): boolean {
    return this.#bytes.readUInt32BE(at) === this.#first && this.#bytes.readUInt32BE(at + 4) === this.#second;
  }

  #word(at: number): number {
    return this.#bigEndian ? this.#bytes.readUInt32BE(at) : this.#bytes.readUInt32LE(at);
  }
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
