// Views of guest memories. Creating them costs more than most hostcalls, so they are kept until the memory
// grows.

/** Views of a memory; valid as long as the memory keeps its buffer, that is, until it grows. */
export interface MemoryViews {
  readonly buffer: ArrayBuffer;
  readonly bytes: Buffer;
  readonly numbers: DataView;
}

/** Views of memories that serve several runs. */
const known = new WeakMap<ArrayBuffer, MemoryViews>();

/** The views of a memory's current buffer. */
export function memoryViews(buffer: ArrayBuffer): MemoryViews {
  const views = known.get(buffer) ?? { buffer, bytes: Buffer.from(buffer), numbers: new DataView(buffer) };
  known.set(buffer, views);
  return views;
}
