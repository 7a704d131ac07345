import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { KeyValueNamespace, KeyValueQuota } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { codeOf, deploy, QUOTA } from "./fixtures.ts";

const QUOTAS: KeyValueQuota = {
  ...QUOTA,
  maxKeyBytes: 3,
  maxValueBytes: 5000,
  maxKeys: 4,
  maxTotalBytes: 12_000,
};

type Write = {
  readonly kind: "insert" | "upsert" | "append";
  readonly key: Uint8Array;
  readonly value: Uint8Array;
};
type Operation =
  | Write
  | {
      readonly kind: "compareAndSet";
      readonly key: Uint8Array;
      readonly expected: Uint8Array;
      readonly value: Uint8Array;
    }
  | { readonly kind: "increment"; readonly key: Uint8Array; readonly delta: bigint }
  | { readonly kind: "get" | "remove"; readonly key: Uint8Array }
  | {
      readonly kind: "list";
      readonly prefix: Uint8Array;
      readonly after: Uint8Array | undefined;
      readonly limit: number;
    };

/** The store as a map: keys in hex, whose order is that of the bytes. */
class Model {
  readonly entries = new Map<string, Uint8Array>();

  apply(operation: Operation): unknown {
    if (operation.kind === "list") return this.#list(operation.prefix, operation.after, operation.limit);
    const key = Buffer.from(operation.key).toString("hex");
    const old = this.entries.get(key);
    switch (operation.kind) {
      case "get":
        return old;
      case "remove":
        return this.entries.delete(key);
      case "compareAndSet":
        return this.#compareAndSet(operation.expected, operation.value, key, old);
      case "increment":
        return this.#increment(operation.delta, key, old);
      default:
        return this.#write(operation.kind, operation.value, key, old);
    }
  }

  usage(): { keys: number; bytes: number } {
    let bytes = 0;
    for (const [key, value] of this.entries) bytes += key.length / 2 + value.length;
    return { keys: this.entries.size, bytes };
  }

  #compareAndSet(expected: Uint8Array, value: Uint8Array, key: string, old: Uint8Array | undefined): unknown {
    if (key.length / 2 > QUOTAS.maxKeyBytes) return "TER_KV_KEY_TOO_LARGE";
    if (Math.max(expected.length, value.length) > QUOTAS.maxValueBytes) return "TER_KV_VALUE_TOO_LARGE";
    if (old === undefined || Buffer.compare(old, expected) !== 0) return false;
    const written = this.#write("insert", value, key, old);
    return written === false ? true : written;
  }

  #increment(delta: bigint, key: string, old: Uint8Array | undefined): unknown {
    if (key.length / 2 > QUOTAS.maxKeyBytes) return "TER_KV_KEY_TOO_LARGE";
    const text = old === undefined ? "0" : Buffer.from(old).toString("latin1");
    const isNumber = /^-?\d+$/.test(text) && text === BigInt.asIntN(64, BigInt(text)).toString();
    const sum = isNumber ? BigInt(text) + delta : undefined;
    if (sum === undefined || sum !== BigInt.asIntN(64, sum)) return undefined;
    const written = this.#write("insert", Buffer.from(String(sum)), key, old);
    return typeof written === "string" ? written : sum;
  }

  #write(kind: Write["kind"], given: Uint8Array, key: string, old: Uint8Array | undefined): unknown {
    const value = kind === "append" ? Buffer.concat([old ?? new Uint8Array(), given]) : given;
    if (key.length / 2 > QUOTAS.maxKeyBytes) return "TER_KV_KEY_TOO_LARGE";
    if (Math.max(given.length, value.length) > QUOTAS.maxValueBytes) return "TER_KV_VALUE_TOO_LARGE";
    if (kind === "upsert" && old !== undefined) return false;
    this.entries.set(key, new Uint8Array(value));
    const { keys, bytes } = this.usage();
    if (keys <= QUOTAS.maxKeys && bytes <= QUOTAS.maxTotalBytes) return old === undefined;
    if (old === undefined) this.entries.delete(key);
    else this.entries.set(key, old);
    return "TER_KV_FULL";
  }

  #list(prefix: Uint8Array, after: Uint8Array | undefined, limit: number): unknown {
    const [start, beyond] = [
      Buffer.from(prefix).toString("hex"),
      after && Buffer.from(after).toString("hex"),
    ];
    const keys = [...this.entries.keys()]
      .filter((key) => key.startsWith(start) && (beyond === undefined || key > beyond))
      .sort();
    return keys.slice(0, limit).map((key) => ({
      key: new Uint8Array(Buffer.from(key, "hex")),
      sizeBytes: this.entries.get(key)?.length,
    }));
  }
}

const aKey = fc.array(fc.constantFrom(0, 0x61, 0xff), { maxLength: 4 }).map((key) => Uint8Array.from(key));
const filled = fc
  .oneof(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 2900, max: 3200 }),
    fc.integer({ min: 4990, max: 5010 }),
  )
  .chain((size) => fc.constantFrom(0, 0x61, 0xff).map((byte) => new Uint8Array(size).fill(byte)));
const aNumber = fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)));
const aValue = fc.oneof(
  { weight: 3, arbitrary: filled },
  { weight: 1, arbitrary: aNumber.map((number) => Uint8Array.from(Buffer.from(String(number)))) },
);
const anOperation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("insert", "upsert", "append", "append"),
      key: aKey,
      value: aValue,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("get", "remove"), key: aKey }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("increment"), key: aKey, delta: aNumber }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("compareAndSet"),
      key: aKey,
      expected: aValue,
      value: aValue,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("list"),
      prefix: aKey,
      after: fc.option(aKey, { nil: undefined }),
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
);

async function perform(store: KeyValueNamespace, operation: Operation): Promise<unknown> {
  let result: unknown;
  const code = await codeOf(async () => {
    if (operation.kind === "list")
      result = await store.list({
        prefix: operation.prefix,
        limit: operation.limit,
        ...(operation.after && { after: operation.after }),
      });
    else if (operation.kind === "compareAndSet")
      result = await store.compareAndSet(operation.key, operation.expected, operation.value);
    else if (operation.kind === "increment") result = await store.increment(operation.key, operation.delta);
    else if ("value" in operation) result = await store[operation.kind](operation.key, operation.value);
    else result = await store[operation.kind](operation.key);
  });
  return code ?? result;
}

export function describeKeyValueModel(make: MakeStore): void {
  const bench = useStore(make);

  test("any sequence of operations, through two openings, answers as a map with quotas does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anOperation, fc.boolean()), { maxLength: 60 }), async (steps) => {
        const id = await deploy(bench.store);
        const stores = [bench.store, bench.other].map((store) => store.keyValue.open(id, QUOTAS));
        const model = new Model();
        for (const [operation, first] of steps) {
          const store = stores[first ? 0 : 1];
          if (store === undefined) throw new Error("two stores are open");
          expect(await perform(store, operation)).toEqual(model.apply(operation));
          expect(await store.usage()).toEqual(model.usage());
        }
        await bench.store.deployments.remove(id);
      }),
      { numRuns: 60 },
    );
  });
}
