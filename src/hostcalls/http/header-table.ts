// The headers of one message as guests see them: names in lower case, each once; values in order.
import type { HeaderList } from "../types.ts";
import { limitReached } from "../call-errors.ts";

/** Room that a field takes besides name and value: `: ` and the line end. */
const FIELD_OVERHEAD_BYTES = 4;
const NONE: readonly string[] = [];
const NO_FIELDS: HeaderList = [];

export class HeaderTable {
  /** Created with the first header: many responses have none. */
  #values: Map<string, readonly string[]> | null = null;
  #bytes = 0;

  /** A table of headers whose size is already limited. */
  static from(list: HeaderList): HeaderTable {
    const table = new HeaderTable();
    const all = (table.#values = new Map<string, readonly string[]>());
    for (const [name, value] of list) {
      const key = name.toLowerCase();
      const before = all.get(key);
      if (before === undefined) all.set(key, [value]);
      else (before as string[]).push(value);
    }
    return table;
  }

  names(): string[] {
    return this.#values === null ? [] : [...this.#values.keys()];
  }

  /** Values of a name in any letter case; empty if there are none. */
  get(name: string): readonly string[] {
    return this.#values?.get(name.toLowerCase()) ?? NONE;
  }

  /**
   * Replaces all values of a name; none removes it. Throws TER_GUEST_LIMIT beyond `maxBytes` for the whole
   * table.
   */
  replace(name: string, values: readonly string[], maxBytes: number): void {
    const key = name.toLowerCase();
    const bytes = this.#bytes - fieldBytes(key, this.get(key)) + fieldBytes(key, values);
    if (bytes > maxBytes) throw limitReached("header bytes", bytes, maxBytes, "headerBytes");
    this.#bytes = bytes;
    this.#values ??= new Map();
    if (values.length === 0) this.#values.delete(key);
    else this.#values.set(key, values);
  }

  /** One pair per value. */
  list(): HeaderList {
    if (this.#values === null) return NO_FIELDS;
    return [...this.#values].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  }
}

function fieldBytes(name: string, values: readonly string[]): number {
  return values.reduce((sum, value) => sum + name.length + value.length + FIELD_OVERHEAD_BYTES, 0);
}
