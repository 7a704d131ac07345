import { describe, expect, test } from "vitest";
import type { KeyValueNamespace, KeyValueQuota } from "../types.ts";
import { type MakeStore, useStore } from "./bench.ts";
import { bytes, codeOf, deploy, newId, QUOTA, text } from "./fixtures.ts";

export function describeKeyValue(make: MakeStore): void {
  const bench = useStore(make);
  const fresh = async (quota: Partial<KeyValueQuota> = {}): Promise<KeyValueNamespace> =>
    bench.store.keyValue.open(await deploy(bench.store), { ...QUOTA, ...quota });

  test("a new store is empty", async () => {
    const store = await fresh();
    expect(await store.get(bytes("key"))).toBeUndefined();
    expect(await store.remove(bytes("key"))).toBe(false);
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect(await store.usage()).toEqual({ keys: 0, bytes: 0 });
  });

  test("insert writes always and tells whether the key was absent", async () => {
    const store = await fresh();
    expect(await store.insert(bytes("key"), bytes("one"))).toBe(true);
    expect(await store.insert(bytes("key"), bytes("two"))).toBe(false);
    expect(text(await store.get(bytes("key")))).toBe("two");
  });

  test("upsert writes only if the key is absent", async () => {
    const store = await fresh();
    expect(await store.upsert(bytes("key"), bytes("one"))).toBe(true);
    expect(await store.upsert(bytes("key"), bytes("two"))).toBe(false);
    expect(text(await store.get(bytes("key")))).toBe("one");
  });

  test("append appends, or inserts if the key is absent", async () => {
    const store = await fresh();
    expect(await store.append(bytes("key"), bytes("one"))).toBe(true);
    expect(await store.append(bytes("key"), bytes(" two"))).toBe(false);
    expect(text(await store.get(bytes("key")))).toBe("one two");
  });

  test("compare-and-set writes only over exactly the expected value", async () => {
    const store = await fresh();
    expect(await store.compareAndSet(bytes("key"), bytes(""), bytes("one"))).toBe(false);
    expect(await store.get(bytes("key"))).toBeUndefined();
    await store.insert(bytes("key"), bytes("one"));
    for (const other of ["", "on", "one ", "onE"])
      expect(await store.compareAndSet(bytes("key"), bytes(other), bytes("two"))).toBe(false);
    expect(text(await store.get(bytes("key")))).toBe("one");
    expect(await store.compareAndSet(bytes("key"), bytes("one"), bytes("two"))).toBe(true);
    expect(text(await store.get(bytes("key")))).toBe("two");
    expect(await store.usage()).toEqual({ keys: 1, bytes: 6 });
  });

  test("a store that was only compared with reads as empty through another opening", async () => {
    const id = await deploy(bench.store);
    const [one, other] = [bench.store, bench.other].map((store) => store.keyValue.open(id, QUOTA));
    expect(await one?.compareAndSet(bytes("key"), bytes("a"), bytes("b"))).toBe(false);
    expect(await other?.get(bytes("key"))).toBeUndefined();
    expect(await other?.insert(bytes("key"), bytes("a"))).toBe(true);
  });

  test("compare-and-set compares values of many pieces, and an empty one", async () => {
    const store = await fresh();
    const pieces = Array.from({ length: 9 }, (_, index) => String(index).repeat(1500));
    for (const piece of pieces) await store.append(bytes("key"), bytes(piece));
    const whole = pieces.join("");
    const other = `${whole.slice(0, -1)}!`;
    expect(await store.compareAndSet(bytes("key"), bytes(other), bytes(""))).toBe(false);
    expect(await store.compareAndSet(bytes("key"), bytes(whole), bytes(""))).toBe(true);
    expect(await store.compareAndSet(bytes("key"), bytes(""), bytes(other))).toBe(true);
    expect(text(await store.get(bytes("key")))).toBe(other);
  });

  test("of all that compare with one value at once, through two openings, one sets", async () => {
    const id = await deploy(bench.store);
    const stores = [bench.store, bench.other].map((store) => store.keyValue.open(id, QUOTA));
    await stores[0]?.insert(bytes("key"), bytes("free"));
    const attempts = Array.from({ length: 20 }, async (_, index) =>
      stores[index % 2]?.compareAndSet(bytes("key"), bytes("free"), bytes(`holder ${index}`)),
    );
    const won = await Promise.all(attempts);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(text(await stores[1]?.get(bytes("key")))).toBe(`holder ${won.indexOf(true)}`);
  });

  test("increment counts in decimal text, from 0 if the key is absent", async () => {
    const store = await fresh();
    expect(await store.increment(bytes("key"), 5n)).toBe(5n);
    expect(await store.increment(bytes("key"), -15n)).toBe(-10n);
    expect(text(await store.get(bytes("key")))).toBe("-10");
    expect(await store.usage()).toEqual({ keys: 1, bytes: 6 });
    await store.append(bytes("key"), bytes("7"));
    expect(await store.increment(bytes("key"), 1n)).toBe(-106n);
    expect(await store.increment(bytes("none"), 0n)).toBe(0n);
    expect(text(await store.get(bytes("none")))).toBe("0");
  });

  test("increment changes nothing if the value is no number, or the sum does not fit 64 bits", async () => {
    const store = await fresh();
    const [max, min] = ["9223372036854775807", "-9223372036854775808"];
    for (const [value, delta] of [
      [max, 1n],
      [min, -1n],
      ["", 1n],
      ["007", 1n],
      ["ten", 1n],
      ["1".repeat(10_000), 1n],
    ] as const) {
      await store.insert(bytes("key"), bytes(value));
      expect(await store.increment(bytes("key"), delta)).toBeUndefined();
      expect(text(await store.get(bytes("key")))).toBe(value);
    }
    await store.insert(bytes("key"), bytes(max));
    expect(await store.increment(bytes("key"), BigInt(min))).toBe(-1n);
  });

  test("all increments made at once through two openings count", async () => {
    const id = await deploy(bench.store);
    const stores = [bench.store, bench.other].map((store) => store.keyValue.open(id, QUOTA));
    const sums = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => stores[index % 2]?.increment(bytes("key"), 1n)),
    );
    expect(new Set(sums).size).toBe(40);
    expect(text(await stores[0]?.get(bytes("key")))).toBe("40");
  });

  test("an empty key with an empty value can be removed", async () => {
    const store = await fresh();
    expect(await store.insert(bytes(""), bytes(""))).toBe(true);
    expect(await store.remove(bytes(""))).toBe(true);
    expect(await store.usage()).toEqual({ keys: 0, bytes: 0 });
  });

  test("a removed key is absent for get, remove, insert, upsert and append", async () => {
    const store = await fresh();
    for (const write of ["insert", "upsert", "append"] as const) {
      await store.insert(bytes("key"), bytes("old"));
      expect(await store.remove(bytes("key"))).toBe(true);
      expect(await store.remove(bytes("key"))).toBe(false);
      expect(await store.get(bytes("key"))).toBeUndefined();
      expect(await store[write](bytes("key"), bytes("new"))).toBe(true);
      expect(text(await store.get(bytes("key")))).toBe("new");
    }
  });

  test("an empty value is found, as an empty one", async () => {
    const store = await fresh();
    await store.insert(bytes("inserted"), bytes(""));
    await store.append(bytes("appended"), bytes(""));
    await store.append(bytes("appended"), bytes(""));
    expect(await store.get(bytes("inserted"))).toEqual(new Uint8Array());
    expect(await store.get(bytes("appended"))).toEqual(new Uint8Array());
    expect(await store.upsert(bytes("inserted"), bytes("x"))).toBe(false);
  });

  test("keys and values are bytes: empty, NUL and invalid UTF-8 are as good as others", async () => {
    const store = await fresh();
    const keys = [[], [0], [0, 0], [0, 1], [0x61, 0, 0x62], [0xff], [0xff, 0xff], [0xc3, 0x28]].map((key) =>
      Uint8Array.from(key),
    );
    for (const key of keys)
      expect(await store.append(key, Uint8Array.from([0, 0xff, key.length]))).toBe(true);
    for (const key of keys) await store.append(key, Uint8Array.from([0xfe, 0]));
    for (const key of keys)
      expect(await store.get(key)).toEqual(Uint8Array.from([0, 0xff, key.length, 0xfe, 0]));
    expect((await store.list({ limit: 100 })).map((entry) => entry.key)).toEqual(
      [...keys].sort(Buffer.compare),
    );
  });

  test("large values and many appends come back whole", async () => {
    const store = await fresh();
    const large = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251);
    await store.insert(bytes("large"), large);
    expect(Buffer.compare((await store.get(bytes("large"))) ?? bytes(""), large)).toBe(0);
    const parts = Array.from({ length: 500 }, (_, index) => "x".repeat(index % 97) + index);
    for (const part of parts) await store.append(bytes("grown"), bytes(part));
    await store.append(bytes("grown"), large);
    expect(text((await store.get(bytes("grown")))?.slice(0, -large.length))).toBe(parts.join(""));
    await store.insert(bytes("grown"), bytes("small"));
    await store.append(bytes("grown"), bytes(" again"));
    expect(text(await store.get(bytes("grown")))).toBe("small again");
  });

  test("what comes in belongs to the caller again at once", async () => {
    const store = await fresh();
    const [key, value] = [bytes("key"), bytes("value")];
    const written = store.insert(key, value);
    key.fill(0);
    value.fill(0);
    await written;
    expect(text(await store.get(bytes("key")))).toBe("value");
  });

  test("deployments do not see each other's keys", async () => {
    const [one, two] = [await fresh(), await fresh()];
    await one.insert(bytes("key"), bytes("value"));
    expect(await two.get(bytes("key"))).toBeUndefined();
    expect(await two.usage()).toEqual({ keys: 0, bytes: 0 });
  });

  test("a deployment that is gone or never was has no store", async () => {
    const expired = await deploy(bench.store, { expiresAtMs: bench.clock.nowMs + 10 });
    await bench.store.keyValue.open(expired, QUOTA).insert(bytes("key"), bytes("value"));
    bench.clock.nowMs += 10;
    for (const id of [expired, newId()]) {
      expect(await codeOf(() => bench.store.keyValue.open(id, QUOTA).get(bytes("key")))).toBe(
        "TER_NOT_FOUND",
      );
      expect(await codeOf(() => bench.store.keyValue.open(id, QUOTA).append(bytes("key"), bytes("")))).toBe(
        "TER_NOT_FOUND",
      );
      expect(await codeOf(() => bench.other.keyValue.open(id, QUOTA).remove(bytes("key")))).toBe(
        "TER_NOT_FOUND",
      );
      expect(await codeOf(() => bench.other.keyValue.open(id, QUOTA).list({ limit: 1 }))).toBe(
        "TER_NOT_FOUND",
      );
      expect(await codeOf(() => bench.other.keyValue.open(id, QUOTA).usage())).toBe("TER_NOT_FOUND");
    }
  });

  describe("list", () => describeList(fresh));
  describe("quotas", () => describeQuotas(fresh));
}

type Fresh = (quota?: Partial<KeyValueQuota>) => Promise<KeyValueNamespace>;

function describeList(fresh: Fresh): void {
  const keysOf = async (
    store: KeyValueNamespace,
    options: { prefix?: Uint8Array; after?: Uint8Array; limit: number },
  ): Promise<(string | undefined)[]> => (await store.list(options)).map((entry) => text(entry.key));

  test("pages hold every key once, in byte order, with the sizes of values", async () => {
    const store = await fresh();
    const keys = Array.from({ length: 25 }, (_, index) => `key-${(index * 7) % 25}`);
    for (const key of keys) await store.insert(bytes(key), bytes(key.repeat(2)));
    const pages: { key: Uint8Array; sizeBytes: number }[] = [];
    for (let after: Uint8Array | undefined; ;) {
      const page = await store.list({ ...(after === undefined ? {} : { after }), limit: 10 });
      pages.push(...page);
      after = page.at(-1)?.key;
      if (page.length < 10) break;
    }
    expect(pages.map((entry) => text(entry.key))).toEqual([...keys].sort());
    for (const entry of pages) expect(entry.sizeBytes).toBe(entry.key.length * 2);
  });

  test("`after` the empty key is not the same as no `after`", async () => {
    const store = await fresh();
    for (const key of ["", "a"]) await store.insert(bytes(key), bytes(""));
    expect(await keysOf(store, { limit: 10 })).toEqual(["", "a"]);
    expect(await keysOf(store, { after: bytes(""), limit: 10 })).toEqual(["a"]);
  });

  test("a prefix selects what begins with it, 0xff at its end included", async () => {
    const store = await fresh();
    for (const key of [
      [0x61],
      [0x61, 0xfe],
      [0x61, 0xff],
      [0x61, 0xff, 0xff, 1],
      [0x62],
      [0xff],
      [0xff, 0xff],
    ]) {
      await store.insert(Uint8Array.from(key), bytes(""));
    }
    const count = async (prefix: number[], after?: number[]): Promise<number> =>
      (
        await store.list({
          prefix: Uint8Array.from(prefix),
          ...(after && { after: Uint8Array.from(after) }),
          limit: 100,
        })
      ).length;
    expect([
      await count([0x61]),
      await count([0x61, 0xff]),
      await count([0xff]),
      await count([0x63]),
    ]).toEqual([4, 2, 2, 0]);
    expect([
      await count([0x61], [0x61]),
      await count([0x61], []),
      await count([0x61], [0x62]),
      await count([0xff], [0xff]),
    ]).toEqual([3, 4, 0, 1]);
  });
}

function describeQuotas(fresh: Fresh): void {
  const key = (size: number): Uint8Array => new Uint8Array(size).fill(0x6b);
  const value = (size: number): Uint8Array => new Uint8Array(size).fill(0x76);

  test.each(["insert", "upsert", "append"] as const)(
    "%s takes a key of one below and exactly the limit, and refuses one above",
    async (write) => {
      const store = await fresh({ maxKeyBytes: 8 });
      expect(await store[write](key(7), value(1))).toBe(true);
      expect(await store[write](key(8), value(1))).toBe(true);
      expect(await codeOf(() => store[write](key(9), value(1)))).toBe("TER_KV_KEY_TOO_LARGE");
      expect(await store.usage()).toEqual({ keys: 2, bytes: 17 });
    },
  );

  test.each(["insert", "upsert", "append"] as const)(
    "%s takes a value of one below and exactly the limit, and refuses one above",
    async (write) => {
      const store = await fresh({ maxValueBytes: 100 });
      expect(await store[write](key(1), value(99))).toBe(true);
      expect(await store[write](key(2), value(100))).toBe(true);
      expect(await codeOf(() => store[write](key(3), value(101)))).toBe("TER_KV_VALUE_TOO_LARGE");
      expect(await store.usage()).toEqual({ keys: 2, bytes: 202 });
    },
  );

  test("an append may fill a value to its limit; beyond that it is refused and writes nothing", async () => {
    const store = await fresh({ maxValueBytes: 100 });
    await store.append(key(1), value(98));
    expect(await store.append(key(1), value(1))).toBe(false);
    expect(await codeOf(() => store.append(key(1), value(2)))).toBe("TER_KV_VALUE_TOO_LARGE");
    expect(await store.append(key(1), value(1))).toBe(false);
    expect(await codeOf(() => store.append(key(1), value(1)))).toBe("TER_KV_VALUE_TOO_LARGE");
    expect((await store.get(key(1)))?.length).toBe(100);
  });

  test("compare-and-set takes no more than the limits, and writes nothing beyond", async () => {
    const store = await fresh({ maxKeyBytes: 8, maxValueBytes: 100, maxTotalBytes: 103 });
    await store.insert(key(1), value(2));
    expect(await codeOf(() => store.compareAndSet(key(9), value(2), value(2)))).toBe("TER_KV_KEY_TOO_LARGE");
    for (const [expected, next] of [
      [101, 1],
      [1, 101],
    ] as const)
      expect(await codeOf(() => store.compareAndSet(key(1), value(expected), value(next)))).toBe(
        "TER_KV_VALUE_TOO_LARGE",
      );
    await store.insert(key(2), value(1));
    expect(await codeOf(() => store.compareAndSet(key(1), value(2), value(100)))).toBe("TER_KV_FULL");
    expect((await store.get(key(1)))?.length).toBe(2);
    expect(await store.compareAndSet(key(1), value(2), value(99))).toBe(true);
    expect(await store.usage()).toEqual({ keys: 2, bytes: 103 });
  });

  test("increment takes no more than the limits, and writes nothing beyond", async () => {
    const store = await fresh({ maxKeyBytes: 8, maxValueBytes: 2, maxTotalBytes: 6, maxKeys: 2 });
    expect(await codeOf(() => store.increment(key(9), 1n))).toBe("TER_KV_KEY_TOO_LARGE");
    expect(await codeOf(() => store.increment(key(1), 100n))).toBe("TER_KV_VALUE_TOO_LARGE");
    expect(await store.increment(key(1), 99n)).toBe(99n);
    expect(await codeOf(() => store.increment(key(1), 1n))).toBe("TER_KV_VALUE_TOO_LARGE");
    expect(await store.increment(key(2), 9n)).toBe(9n);
    expect(await codeOf(() => store.increment(key(2), 1n))).toBe("TER_KV_FULL");
    expect(await codeOf(() => store.increment(key(3), 1n))).toBe("TER_KV_FULL");
    expect(text(await store.get(key(1)))).toBe("99");
    expect(await store.usage()).toEqual({ keys: 2, bytes: 6 });
  });

  test("the number of keys has a limit; overwriting and removing go on", async () => {
    const store = await fresh({ maxKeys: 3 });
    for (const size of [1, 2, 3]) expect(await store.insert(key(size), value(1))).toBe(true);
    for (const write of ["insert", "upsert", "append"] as const) {
      expect(await codeOf(() => store[write](key(4), value(1)))).toBe("TER_KV_FULL");
    }
    expect(await store.insert(key(1), value(5))).toBe(false);
    expect(await store.upsert(key(1), value(5))).toBe(false);
    expect(await store.append(key(1), value(5))).toBe(false);
    expect(await store.remove(key(2))).toBe(true);
    expect(await store.insert(key(4), value(1))).toBe(true);
  });

  test("keys and values together have a limit, one below, exactly and one above", async () => {
    const store = await fresh({ maxTotalBytes: 100 });
    expect(await store.insert(key(10), value(80))).toBe(true);
    expect(await codeOf(() => store.upsert(key(5), value(6)))).toBe("TER_KV_FULL");
    expect(await store.upsert(key(5), value(4))).toBe(true);
    expect(await codeOf(() => store.append(key(5), value(2)))).toBe("TER_KV_FULL");
    expect(await store.append(key(5), value(1))).toBe(false);
    expect(await store.usage()).toEqual({ keys: 2, bytes: 100 });
    expect(await codeOf(() => store.insert(key(10), value(81)))).toBe("TER_KV_FULL");
    expect(await store.insert(key(10), value(79))).toBe(false);
    expect(await store.usage()).toEqual({ keys: 2, bytes: 99 });
    expect(await store.remove(key(10))).toBe(true);
    expect(await store.usage()).toEqual({ keys: 1, bytes: 10 });
  });
}
