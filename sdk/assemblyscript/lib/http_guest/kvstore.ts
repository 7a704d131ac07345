// The deployment's own key-value store.
import {
  hostcall_kvstore_append,
  hostcall_kvstore_compare_and_set,
  hostcall_kvstore_get,
  hostcall_kvstore_increment,
  hostcall_kvstore_insert,
  hostcall_kvstore_remove,
  hostcall_kvstore_upsert,
} from "./hostcalls";
import { LENGTH_CELL, LONG_CELL, POINTER_CELL, take_bytes } from "./received";
import { Utf8 } from "./utf8";

/** The store; every instance is the same one. */
export class KVStore {
  /** The value of a key, or null. */
  get(key: string): Array<u8> | null {
    const name = new Utf8(key);
    const found = hostcall_kvstore_get(POINTER_CELL, LENGTH_CELL, name.pointer, name.length);
    return found == 1 ? take_bytes() : null;
  }

  /** Writes always; true if the key was absent. */
  insert(key: string, value: Array<u8>): bool {
    const name = new Utf8(key);
    return hostcall_kvstore_insert(name.pointer, name.length, value.dataStart, <usize>value.length) == 1;
  }

  /** Writes only if the key is absent; true if it was. */
  upsert(key: string, value: Array<u8>): bool {
    const name = new Utf8(key);
    return hostcall_kvstore_upsert(name.pointer, name.length, value.dataStart, <usize>value.length) == 1;
  }

  /** Appends, or writes if the key is absent; true if it was. */
  append(key: string, value: Array<u8>): bool {
    const name = new Utf8(key);
    return hostcall_kvstore_append(name.pointer, name.length, value.dataStart, <usize>value.length) == 1;
  }

  /**
   * Writes only if the key has exactly the expected value; true if it had. Of several requests that expect
   * the same value, one writes. To write only if the key is absent, use `upsert`.
   */
  compare_and_set(key: string, expected: Array<u8>, value: Array<u8>): bool {
    const name = new Utf8(key);
    const written = hostcall_kvstore_compare_and_set(
      name.pointer,
      name.length,
      expected.dataStart,
      <usize>expected.length,
      value.dataStart,
      <usize>value.length,
    );
    return written == 1;
  }

  /**
   * Adds to a value that is a whole number in decimal digits, and returns the sum; an absent key counts as 0.
   * Throws, and nothing changes, if the value is no such number or the sum does not fit 64 bits.
   */
  increment(key: string, delta: i64 = 1): i64 {
    const name = new Utf8(key);
    if (hostcall_kvstore_increment(LONG_CELL, name.pointer, name.length, delta) == 0)
      throw new Error(
        'Cannot increment "' + key + '": its value is no whole number, or the sum does not fit 64 bits',
      );
    return load<i64>(LONG_CELL);
  }

  /** Removes a key; true if it was there. */
  remove(key: string): bool {
    const name = new Utf8(key);
    return hostcall_kvstore_remove(name.pointer, name.length) == 1;
  }
}
