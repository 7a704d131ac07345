// Objects of the C files that this process compiled, so that an edit recompiles one file. Keyed by content:
// an object is valid for the same flags, the same set of file names (a new one could hide a header), and the
// same content of the files read.
import { hash } from "node:crypto";
import type { ProjectFiles } from "../../project/files.ts";

/** A compiled file, with the compiler's output for it. */
export interface CompiledObject {
  readonly object: Uint8Array;
  readonly text: string;
  /** Some function has a frame whose size is only known at run time. */
  readonly hasDynamicFrames: boolean;
}

/** A kept object, as another process can take it over. */
export interface KeptObject extends CompiledObject {
  /** Files that the compile read, with their digests. */
  readonly dependencies: ReadonlyMap<string, string>;
}

export class ObjectCache {
  readonly #maxBytes: number;
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, KeptObject>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The object under the key, if everything it was made from is unchanged. */
  get(key: string, files: ProjectFiles): CompiledObject | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    for (const [name, digest] of entry.dependencies) {
      const bytes = files.get(name);
      if (bytes === undefined || hash("sha256", bytes) !== digest) return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Keeps the object; `dependencies` are the project's files that the compile read. */
  put(
    key: string,
    compiled: CompiledObject,
    dependencies: readonly string[],
    files: ProjectFiles,
  ): KeptObject {
    const digests = dependencies.flatMap((name) => {
      const bytes = files.get(name);
      return bytes === undefined ? [] : [[name, hash("sha256", bytes)] as const];
    });
    const kept = { ...compiled, dependencies: new Map(digests) };
    this.adopt(key, kept);
    return kept;
  }

  /** Keeps an object that another process made. */
  adopt(key: string, kept: KeptObject): void {
    this.#drop(key);
    this.#entries.set(key, kept);
    this.#bytes += sizeOf(kept);
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#entries.keys().next();
      if (oldest.done === true) break;
      this.#drop(oldest.value);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#bytes -= sizeOf(entry);
    this.#entries.delete(key);
  }
}

/** Bytes that an object takes, about. */
export function sizeOf({ object, text }: CompiledObject): number {
  return object.length + text.length;
}

/** Key of one file's object: the file, the flags, and the names of all files of the project. */
export function objectKey(source: string, flags: readonly string[], files: ProjectFiles): string {
  return hash("sha256", JSON.stringify([source, flags, [...files.keys()].sort()]));
}
