// Owns the key-value stores of deployments and apps: each operation is one script.
import { TerrariumError } from "../../errors/index.ts";
import { addDecimals, decimalOf } from "../decimal-number.ts";
import { checkSizes, type KeyValueUsage, storeFull, valueTooLarge } from "../key-value-quota.ts";
import type { DeploymentId, KeyValueNamespace, KeyValueQuota, KeyValueStore } from "../types.ts";
import type { Argument, Connection, Reply } from "./connection.ts";
import { type DeploymentKeys, deploymentKeys } from "./keys.ts";
import { answerOf, bytesOf } from "./replies.ts";
import { DELETE, GET, LIST, USAGE, WRITE } from "./scripts.ts";

type WriteKind = "insert" | "upsert" | "append" | "compareAndSet";

export class RedisKeyValueStore implements KeyValueStore {
  readonly #connection: Connection;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  open(id: DeploymentId, quota: KeyValueQuota): KeyValueNamespace {
    return new RedisNamespace(this.#connection, this.#now, id, quota);
  }
}

class RedisNamespace implements KeyValueNamespace {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #id: DeploymentId;
  readonly #quota: KeyValueQuota;
  readonly #keys: DeploymentKeys;

  constructor(connection: Connection, now: () => number, id: DeploymentId, quota: KeyValueQuota) {
    this.#connection = connection;
    this.#now = now;
    this.#id = id;
    this.#quota = quota;
    this.#keys = deploymentKeys(id);
  }

  insert(key: Uint8Array, value: Uint8Array): Promise<boolean> {
    return this.#write("insert", key, value);
  }

  upsert(key: Uint8Array, value: Uint8Array): Promise<boolean> {
    return this.#write("upsert", key, value);
  }

  append(key: Uint8Array, value: Uint8Array): Promise<boolean> {
    return this.#write("append", key, value);
  }

  compareAndSet(key: Uint8Array, expected: Uint8Array, value: Uint8Array): Promise<boolean> {
    return this.#write("compareAndSet", key, value, expected);
  }

  /** Compares and sets until nobody else wrote in between. */
  async increment(key: Uint8Array, delta: bigint): Promise<bigint | undefined> {
    const own = key.slice();
    for (;;) {
      const old = await this.get(own);
      const number = old === undefined ? 0n : decimalOf(old);
      const sum = number === undefined ? undefined : addDecimals(number, delta);
      if (sum === undefined) return undefined;
      const value = Buffer.from(String(sum));
      const isWritten =
        old === undefined ? await this.upsert(own, value) : await this.compareAndSet(own, old, value);
      if (isWritten) return sum;
    }
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const { record, values } = this.#keys;
    const [value] = await this.#run(GET, [record, values], [key]);
    return value === null || value === undefined ? undefined : bytesOf(value);
  }

  async remove(key: Uint8Array): Promise<boolean> {
    const { record, values, order, usage } = this.#keys;
    const [removed] = await this.#run(DELETE, [record, values, order, usage], [key]);
    return removed === 1;
  }

  async list(options: {
    readonly prefix?: Uint8Array;
    readonly after?: Uint8Array;
    readonly limit: number;
  }): Promise<{ readonly key: Uint8Array; readonly sizeBytes: number }[]> {
    const { record, values, order } = this.#keys;
    const { prefix = new Uint8Array(), after, limit } = options;
    const found = await this.#run(
      LIST,
      [record, values, order],
      [startOf(prefix, after), endOf(prefix), limit],
    );
    return Array.from({ length: found.length / 2 }, (_, index) => ({
      key: bytesOf(found[2 * index]),
      sizeBytes: Number(found[2 * index + 1]),
    }));
  }

  async usage(): Promise<KeyValueUsage> {
    const { record, usage } = this.#keys;
    const [keys, bytes] = await this.#run(USAGE, [record, usage], []);
    return { keys: Number(keys), bytes: Number(bytes) };
  }

  async #write(
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
    expected: Uint8Array = new Uint8Array(),
  ): Promise<boolean> {
    const { maxValueBytes, maxKeys, maxTotalBytes } = this.#quota;
    checkSizes(this.#quota, key.length, Math.max(value.length, expected.length));
    const { record, values, order, usage } = this.#keys;
    const [done] = await this.#run(
      WRITE,
      [record, values, order, usage],
      [kind, key, value, maxValueBytes, maxKeys, maxTotalBytes, expected],
    );
    return done === 1;
  }

  /** What the script found or did. Throws if the deployment is gone or a quota is exceeded. */
  async #run(script: string, keys: string[], args: readonly Argument[]): Promise<Reply[]> {
    const reply = await this.#connection.run(script, keys, [this.#now(), ...args]);
    const [outcome, ...rest] = answerOf(reply);
    if (outcome === "done") return rest;
    if (outcome === "gone") throw new TerrariumError("TER_NOT_FOUND", { id: this.#id });
    const used = Number(rest[0]);
    if (outcome === "value") throw valueTooLarge(this.#quota, used);
    throw storeFull(this.#quota, outcome === "keys" ? "keys" : "bytes", used);
  }
}

/** Where a range of keys starts, in the words of ZRANGEBYLEX. */
function startOf(prefix: Uint8Array, after: Uint8Array | undefined): Buffer {
  if (after === undefined || Buffer.compare(after, prefix) < 0)
    return Buffer.concat([Buffer.from("["), prefix]);
  return Buffer.concat([Buffer.from("("), after]);
}

/** Where the keys with a prefix end: before the prefix whose last byte is one more. */
function endOf(prefix: Uint8Array): Buffer {
  const end = Buffer.from(prefix);
  let length = end.length;
  while (length > 0 && end[length - 1] === 0xff) length--;
  if (length === 0) return Buffer.from("+");
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return Buffer.concat([Buffer.from("("), end.subarray(0, length)]);
}
