// Owns deployments' key-value stores: one SQLite file each, so that no tenant waits for another's lock.
// The rows are in `key-value-rows.ts`.
import type { Awaitable, DeploymentId, KeyValueNamespace, KeyValueQuota, KeyValueStore } from "../types.ts";
import { addDecimals } from "../decimal-number.ts";
import type { SqliteConnection } from "./connection.ts";
import {
  createEntry,
  type Entry,
  entryOf,
  extendEntry,
  hasValue,
  listKeys,
  numberOf,
  readValue,
  removeKey,
  replaceEntry,
  setUsage,
  usageOf,
  writesOf,
} from "./key-value-rows.ts";
import { checkGrowth, checkSizes, type KeyValueUsage } from "../key-value-quota.ts";
import type { Lanes } from "./lanes.ts";
import type { StoreNotes } from "./store-notes.ts";
import type { TenantFiles } from "./tenant-files.ts";

export interface KeyValueStoreOptions {
  readonly files: TenantFiles;
  readonly lanes: Lanes;
  readonly notes: StoreNotes;
  readonly requireAlive: (id: DeploymentId) => void;
  /** A write is acknowledged once this is done. */
  readonly settled: (file: SqliteConnection) => Awaitable<void>;
}

/** All key-value stores of a data directory. */
export class SqliteKeyValueStore implements KeyValueStore {
  readonly #options: KeyValueStoreOptions;

  constructor(options: KeyValueStoreOptions) {
    this.#options = options;
  }

  open(id: DeploymentId, quota: KeyValueQuota): KeyValueNamespace {
    return new SqliteNamespace(id, quota, this.#options);
  }
}

/** Goes on at once with what is there at once. */
function andThen<T, Result>(value: Awaitable<T>, goOn: (value: T) => Awaitable<Result>): Awaitable<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

class SqliteNamespace implements KeyValueNamespace {
  readonly #id: DeploymentId;
  readonly #lane: string;
  readonly #quota: KeyValueQuota;
  readonly #options: KeyValueStoreOptions;
  readonly #lanes: Lanes;
  #seenAlive = false;

  constructor(id: DeploymentId, quota: KeyValueQuota, options: KeyValueStoreOptions) {
    this.#id = id;
    this.#lane = `kv/${id}`;
    this.#quota = quota;
    this.#options = options;
    this.#lanes = options.lanes;
  }

  insert(key: Uint8Array, value: Uint8Array): Awaitable<boolean> {
    return this.#write([key, value], (file, key, value) => {
      const entry = entryOf(file, key);
      this.#put(file, key, entry, value);
      return entry === undefined;
    });
  }

  upsert(key: Uint8Array, value: Uint8Array): Awaitable<boolean> {
    return this.#write([key, value], (file, key, value) => {
      if (entryOf(file, key) !== undefined) return false;
      this.#grow(file, key.length, value.length, true);
      createEntry(file, key, value);
      return true;
    });
  }

  append(key: Uint8Array, value: Uint8Array): Awaitable<boolean> {
    return this.#write([key, value], (file, key, value) => {
      const entry = entryOf(file, key);
      checkSizes(this.#quota, key.length, (entry?.bytes ?? 0) + value.length);
      this.#grow(file, entry === undefined ? key.length : 0, value.length, entry === undefined);
      if (entry === undefined) createEntry(file, key, value);
      else extendEntry(file, entry, value);
      return entry === undefined;
    });
  }

  compareAndSet(key: Uint8Array, expected: Uint8Array, value: Uint8Array): Awaitable<boolean> {
    return this.#write([key, expected, value], (file, key, expected, value) => {
      const entry = entryOf(file, key);
      if (entry === undefined || !hasValue(file, key, entry, expected)) return false;
      this.#put(file, key, entry, value);
      return true;
    });
  }

  increment(key: Uint8Array, delta: bigint): Awaitable<bigint | undefined> {
    return this.#write([key], (file, key) => {
      const entry = entryOf(file, key);
      const number = entry === undefined ? 0n : numberOf(file, key, entry);
      const sum = number === undefined ? undefined : addDecimals(number, delta);
      if (sum !== undefined) this.#put(file, key, entry, Buffer.from(String(sum)));
      return sum;
    });
  }

  get(key: Uint8Array): Awaitable<Uint8Array | undefined> {
    return this.#lanes.run(this.#lane, [key], (key) => {
      const file = this.#existingFile();
      return file && readValue(file, key);
    });
  }

  remove(key: Uint8Array): Awaitable<boolean> {
    const removed = this.#lanes.run(this.#lane, [key], (key) => {
      const file = this.#existingFile();
      if (file === undefined) return null;
      return { file, result: file.transaction(() => removeKey(file, key)) };
    });
    return andThen(removed, (done) => (done === null ? false : this.#acknowledge(done)));
  }

  list(options: {
    readonly prefix?: Uint8Array;
    readonly after?: Uint8Array;
    readonly limit: number;
  }): Awaitable<{ readonly key: Uint8Array; readonly sizeBytes: number }[]> {
    const inputs: [Uint8Array, Uint8Array] = [
      options.prefix ?? new Uint8Array(),
      options.after ?? new Uint8Array(),
    ];
    return this.#lanes.run(this.#lane, inputs, (prefix, after) => {
      const file = this.#existingFile();
      return file === undefined
        ? []
        : listKeys(file, prefix, options.after === undefined ? undefined : after, options.limit);
    });
  }

  usage(): Awaitable<KeyValueUsage> {
    return this.#lanes.run(this.#lane, [], () => {
      const file = this.#existingFile();
      return file === undefined ? { keys: 0, bytes: 0 } : usageOf(file);
    });
  }

  /** One transaction on a key and values, whose sizes are checked first. */
  #write<Result, Inputs extends readonly [Uint8Array, ...Uint8Array[]]>(
    inputs: Inputs,
    body: (file: SqliteConnection, ...inputs: Inputs) => Result,
  ): Awaitable<Result> {
    const [key, ...values] = inputs;
    checkSizes(this.#quota, key.length, Math.max(0, ...values.map((value) => value.length)));
    const bytes = inputs.reduce((sum, input) => sum + input.length, 0);
    const written = this.#lanes.run(this.#lane, inputs, (...inputs) => {
      this.#requireAliveOnce();
      const file = this.#options.files.use(this.#id);
      const write = () => ({ file, result: body(file, ...inputs), begun: writesOf(file) > 0 });
      const done = file.transaction(write, bytes);
      if (done.begun) this.#options.notes.wrote(this.#id, file);
      return done;
    });
    // A store that was only compared with holds no write that could be lost.
    return andThen(written, (done) =>
      andThen(done.begun ? this.#options.notes.begin(this.#id) : undefined, () => this.#acknowledge(done)),
    );
  }

  #acknowledge<Result>({ file, result }: { readonly file: SqliteConnection; readonly result: Result }) {
    return andThen(this.#options.settled(file), () => result);
  }

  /** Undefined if nothing was ever written: reading creates no file. */
  #existingFile(): SqliteConnection | undefined {
    this.#requireAliveOnce();
    return this.#options.files.peek(this.#id);
  }

  #requireAliveOnce(): void {
    if (this.#seenAlive) return;
    this.#options.requireAlive(this.#id);
    this.#seenAlive = true;
  }

  /** Creates or replaces an entry. Throws TER_KV_*. */
  #put(file: SqliteConnection, key: Uint8Array, entry: Entry | undefined, value: Uint8Array): void {
    checkSizes(this.#quota, key.length, value.length);
    const newKeyBytes = entry === undefined ? key.length : 0;
    this.#grow(file, newKeyBytes, value.length - (entry?.bytes ?? 0), entry === undefined);
    if (entry === undefined) createEntry(file, key, value);
    else replaceEntry(file, entry, value);
  }

  /** Counts the growth, or throws TER_KV_FULL. */
  #grow(file: SqliteConnection, keyBytes: number, valueBytes: number, newKey: boolean): void {
    const before = usageOf(file);
    const after = { keys: before.keys + (newKey ? 1 : 0), bytes: before.bytes + keyBytes + valueBytes };
    checkGrowth(this.#quota, before, after);
    setUsage(file, after);
  }
}
