// The state of a live instance at one moment, and how to bring it back: memory, mutable globals. Tables and segments cannot be
// brought back from outside, so the plan lets no instance be reused whose code changes them.
import type { MutableGlobal } from "../wasm/layout.ts";

/** Content of a memory: bytes from `start`, zero everywhere else. */
export interface MemoryImage {
  readonly sizeBytes: number;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Copies what is not zero. */
export function takeImage(memory: WebAssembly.Memory): MemoryImage {
  const words = new BigUint64Array(memory.buffer);
  const first = words.findIndex((word) => word !== 0n);
  const last = words.findLastIndex((word) => word !== 0n);
  const bytes = first < 0 ? new Uint8Array() : new Uint8Array(memory.buffer, first * 8, (last + 1 - first) * 8).slice();
  return { sizeBytes: memory.buffer.byteLength, start: Math.max(0, first) * 8, bytes };
}

/** Writes every byte of the memory; false if it grew, for it can never shrink again. */
export function restoreImage(memory: WebAssembly.Memory, image: MemoryImage): boolean {
  const bytes = new Uint8Array(memory.buffer);
  if (bytes.length !== image.sizeBytes) return false;
  bytes.fill(0, 0, image.start);
  bytes.set(image.bytes, image.start);
  bytes.fill(0, image.start + image.bytes.length);
  return true;
}

export function sameImage(one: MemoryImage, other: MemoryImage): boolean {
  return one.sizeBytes === other.sizeBytes && one.start === other.start && Buffer.compare(one.bytes, other.bytes) === 0;
}

/** A mutable global and the value to bring back. */
interface SavedGlobal {
  readonly global: WebAssembly.Global;
  readonly value: number | bigint;
}

/** Globals and memory of one instance. */
export class Baseline {
  readonly #globals: readonly SavedGlobal[];
  readonly #memory: WebAssembly.Memory | undefined;
  readonly #image: MemoryImage | null;

  /** `known`: an image of the same program, shared if it turns out to be the same. */
  constructor(exports: WebAssembly.Instance["exports"], globals: readonly MutableGlobal[], memory: WebAssembly.Memory | undefined, known: MemoryImage | null) {
    this.#globals = globals.map(({ export: name }) => saveGlobal(exports[name]));
    this.#memory = memory;
    const image = memory === undefined ? null : takeImage(memory);
    this.#image = image !== null && known !== null && sameImage(image, known) ? known : image;
  }

  get image(): MemoryImage | null {
    return this.#image;
  }

  /** Whether each value survives the way through JavaScript: a NaN loses its payload. */
  get exact(): boolean {
    return this.#globals.every(({ value }) => !Number.isNaN(value));
  }

  /** Brings everything back; false if the memory cannot be. */
  restore(): boolean {
    for (const { global, value } of this.#globals) global.value = value;
    if (this.#memory === undefined || this.#image === null) return true;
    return restoreImage(this.#memory, this.#image);
  }
}

function saveGlobal(global: WebAssembly.Global | undefined): SavedGlobal {
  if (global === undefined) throw new Error("The rewriter exported a global less than its layout says");
  return { global, value: global.value };
}
