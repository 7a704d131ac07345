// The state of an instance at one moment, and how to restore it: memory and mutable globals. Tables and
// segments cannot be restored from outside, so the plan never reuses an instance whose code changes them.
/** Content of a memory: bytes from `start`, zero everywhere else. */
export interface MemoryImage {
  readonly sizeBytes: number;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Copies what is not zero: 0.3 ms per MiB, once per program. */
function takeImage(memory: WebAssembly.Memory): MemoryImage {
  const integers = new Int32Array(memory.buffer);
  let first = 0;
  while (first < integers.length && integers[first] === 0) first += 1;
  let end = integers.length;
  while (end > first && integers[end - 1] === 0) end -= 1;
  const bytes = new Uint8Array(memory.buffer, first * 4, (end - first) * 4).slice();
  return { sizeBytes: memory.buffer.byteLength, start: first * 4, bytes };
}

/**
 * Writes every byte of the memory; false if it has grown, because it can never shrink again. `view` is of the
 * memory at its first size.
 */
export function restoreImage(memory: WebAssembly.Memory, image: MemoryImage, view?: Uint8Array): boolean {
  const bytes = view?.buffer === memory.buffer ? view : new Uint8Array(memory.buffer);
  if (bytes.length !== image.sizeBytes) return false;
  bytes.fill(0, 0, image.start);
  bytes.set(image.bytes, image.start);
  bytes.fill(0, image.start + image.bytes.length);
  return true;
}

/** A mutable global and the value to restore. */
interface SavedGlobal {
  readonly global: WebAssembly.Global;
  readonly value: number | bigint;
}

/** Globals and memory of one instance. */
export class Baseline {
  readonly #globals: readonly SavedGlobal[];
  readonly #memory: WebAssembly.Memory | undefined;
  /** Creating one costs more than wiping a small memory. */
  readonly #view: Uint8Array | undefined;
  readonly image: MemoryImage | null;

  /**
   * `globals`: the exports to save. `image`: that of another instance of the program in the same state.
   * Nothing on the way to this state called a host function whose answer may differ, so the same module
   * produces the same bytes.
   */
  constructor(
    exports: WebAssembly.Instance["exports"],
    globals: readonly string[],
    memory: WebAssembly.Memory | undefined,
    image: MemoryImage | null,
  ) {
    this.#globals = globals.map((name) => saveGlobal(exports[name]));
    this.#memory = memory;
    this.#view = memory === undefined ? undefined : new Uint8Array(memory.buffer);
    this.image = image ?? (memory === undefined ? null : takeImage(memory));
  }

  /** Whether each value survives a round trip through JavaScript: a NaN loses its payload. */
  get exact(): boolean {
    return this.#globals.every(({ value }) => !Number.isNaN(value));
  }

  /** Restores everything; false if the memory cannot be restored. */
  restore(): boolean {
    for (const { global, value } of this.#globals) global.value = value;
    if (this.#memory === undefined || this.image === null) return true;
    return restoreImage(this.#memory, this.image, this.#view);
  }
}

function saveGlobal(global: WebAssembly.Global | undefined): SavedGlobal {
  if (global === undefined) throw new Error("The rewriter exported a global less than its layout says");
  return { global, value: global.value };
}
