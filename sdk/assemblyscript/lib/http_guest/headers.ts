// Headers that a program has set, on top of those that a message came with.
import { string_to_bytes } from "./bytes";

/** Header names, in lower case and in the order in which they were set, each with its values. */
export class HeaderEdits {
  names: Array<string> = [];
  private values: Array<Array<string>> = [];

  has(name: string): bool {
    return this.names.includes(name.toLowerCase());
  }

  /** The values of a name that was set, else an empty list. */
  get(name: string): Array<string> {
    const index = this.names.indexOf(name.toLowerCase());
    return index < 0 ? [] : this.values[index].slice();
  }

  /** The values of a name that was set, else null. */
  find(name: string): Array<string> | null {
    return or_null(this.get(name));
  }

  /** Replaces all values of a name. */
  set(name: string, values: Array<string>): void {
    const lower = name.toLowerCase();
    const index = this.names.indexOf(lower);
    if (index >= 0) {
      this.values[index] = values.slice();
      return;
    }
    this.names.push(lower);
    this.values.push(values.slice());
  }

  /**
   * The names of a message that came with `received`: first those, then the ones that were only set; none
   * without a value.
   */
  merged(received: Array<string>): Array<string> {
    const all = received.slice();
    for (let i = 0; i < this.names.length; i++) if (!all.includes(this.names[i])) all.push(this.names[i]);
    const present: Array<string> = [];
    for (let i = 0; i < all.length; i++)
      if (!this.has(all[i]) || this.get(all[i]).length > 0) present.push(all[i]);
    return present;
  }
}

/** The list, or null instead of an empty one: a header without a value is absent. */
export function or_null<T>(values: Array<T>): Array<T> | null {
  return values.length == 0 ? null : values;
}

/** Texts as UTF-8. */
export function bytes_of(texts: Array<string> | null): Array<Array<u8>> | null {
  return texts === null ? null : texts.map<Array<u8>>((text) => string_to_bytes(text));
}
