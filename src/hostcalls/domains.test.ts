import { describe, expect, it } from "vitest";
import { TerrariumError } from "../errors/index.ts";
import { disposeRunState } from "./run-state.ts";
import { faultOf, openProbe, OUT, OUT2, type Probe } from "./testing/probe.ts";
import { mapNamespace } from "./testing/services.ts";

const kv = (probe: Probe, call: string, key: string, value = "") =>
  probe.call(`hostcall_kvstore_${call}`, probe.put(key), key.length, probe.put(value), value.length);

describe.each([
  ["at once", false],
  ["later", true],
])("a store that answers %s", (_, later) => {
  const open = () => openProbe({ keyValue: mapNamespace(later) });
  const get = async (probe: Probe, key: string) => {
    const found = await probe.call("hostcall_kvstore_get", OUT, OUT2, probe.put(key), key.length);
    return { found, ...probe.given(OUT, OUT2) };
  };

  it("always inserts, and returns whether the key was absent", async () => {
    const probe = await open();
    expect(await kv(probe, "insert", "k", "one")).toBe(1);
    expect(await kv(probe, "insert", "k", "two")).toBe(0);
    expect(await get(probe, "k")).toMatchObject({ found: 1, text: "two" });
  });

  it("upserts only if the key is absent", async () => {
    const probe = await open();
    expect(await kv(probe, "upsert", "k", "one")).toBe(1);
    expect(await kv(probe, "upsert", "k", "two")).toBe(0);
    expect(await get(probe, "k")).toMatchObject({ found: 1, text: "one" });
  });

  it("appends, or inserts if the key is absent", async () => {
    const probe = await open();
    expect(await kv(probe, "append", "k", "one")).toBe(1);
    expect(await kv(probe, "append", "k", "two")).toBe(0);
    expect(await get(probe, "k")).toMatchObject({ found: 1, text: "onetwo" });
  });

  it("compares a whole value, and sets only if it is the expected one", async () => {
    const probe = await open();
    const compareAndSet = (expected: string, value: string) => {
      const [key, was, next] = [probe.put("k"), probe.put(expected), probe.put(value)];
      const args = [key, 1, was, expected.length, next, value.length];
      return probe.call("hostcall_kvstore_compare_and_set", ...args);
    };
    expect(await compareAndSet("", "one")).toBe(0);
    await kv(probe, "insert", "k", "one");
    expect(await compareAndSet("on", "two")).toBe(0);
    expect(await compareAndSet("one", "two")).toBe(1);
    expect(await compareAndSet("one", "three")).toBe(0);
    expect(await get(probe, "k")).toMatchObject({ found: 1, text: "two" });
  });

  it("increments, and tells the sum or that there is none", async () => {
    const probe = await open();
    const increment = async (delta: bigint, out = OUT) => {
      const added = await probe.call("hostcall_kvstore_increment", out, probe.put("k"), 1, delta);
      return [added, new DataView(probe.memory.buffer).getBigInt64(OUT, true)];
    };
    expect(await increment(-7n)).toEqual([1, -7n]);
    expect(await increment(10n)).toEqual([1, 3n]);
    expect(await increment(1n, 0)).toEqual([1, 3n]);
    expect(await get(probe, "k")).toMatchObject({ found: 1, text: "4" });
    await kv(probe, "insert", "k", "9223372036854775807");
    expect(await increment(1n)).toEqual([0, 0n]);
    expect(await get(probe, "k")).toMatchObject({ text: "9223372036854775807" });
  });

  it("increments nothing if the sum has no address", async () => {
    const probe = await open();
    const call = probe.call("hostcall_kvstore_increment", 0xffff_fff0, probe.put("k"), 1, 1n);
    expect((await faultOf(call)).code).toBe("TER_GUEST_BAD_CALL");
    expect(await get(probe, "k")).toMatchObject({ found: 0 });
  });

  it("removes", async () => {
    const probe = await open();
    await kv(probe, "insert", "k", "one");
    expect(await probe.call("hostcall_kvstore_remove", probe.put("k"), 1)).toBe(1);
    expect(await probe.call("hostcall_kvstore_remove", probe.put("k"), 1)).toBe(0);
    expect(await get(probe, "k")).toMatchObject({ found: 0, pointer: 0, length: 0 });
  });

  it("never gives null for a value that was found, even an empty one", async () => {
    const probe = await open();
    await kv(probe, "insert", "k");
    const value = await get(probe, "k");
    expect(value).toMatchObject({ found: 1, length: 0 });
    expect(value.pointer).toBeGreaterThan(0);
    expect(probe.asked()).toEqual([16]);
  });
});

describe("limits of the store", () => {
  it.each([
    [2, true],
    [3, true],
    [4, false],
  ])("%i operations with 3 allowed: passes is %s", async (count, passes) => {
    const probe = await openProbe({ limits: { keyValueOperations: 3 } });
    const all = (async () => {
      for (let index = 0; index < count; index += 1) await kv(probe, "insert", "k");
    })();
    if (passes) await all;
    else
      expect((await faultOf(all)).details).toMatchObject({ limit: "store operations", used: 4, allowed: 3 });
  });

  it.each([
    ["thrown", false],
    ["rejected", true],
  ])("a quota error that is %s ends the guest with its own code", async (_, later) => {
    const error = new TerrariumError("TER_KV_FULL", {
      used: 10,
      allowed: 10,
      unit: "keys",
      limit: "keyValueKeys",
    });
    const insert = () => {
      if (later) return Promise.reject(error);
      throw error;
    };
    const probe = await openProbe({ keyValue: { ...mapNamespace(), insert } });
    expect((await faultOf(kv(probe, "insert", "k"))).code).toBe("TER_KV_FULL");
  });

  it("a bug below a hostcall is reported as a bug in Terrarium, without details", async () => {
    const keyValue = {
      ...mapNamespace(),
      get: () => {
        throw new TypeError("secret path /var/x");
      },
    };
    const error = await faultOf(
      (await openProbe({ keyValue })).call("hostcall_kvstore_get", OUT, OUT2, 0, 0),
    );
    expect(error.code).toBe("TER_INTERNAL");
    expect(error.message).not.toContain("secret");
  });
});

describe("the clock", () => {
  it("gives seconds and, if asked, nanoseconds within the second", async () => {
    const probe = await openProbe();
    expect(await probe.call("hostcall_time_now", OUT)).toBe(1_700_000_000n);
    expect(probe.u32(OUT)).toBe(123_500_000);
    expect(await probe.call("hostcall_time_now", 0)).toBe(1_700_000_000n);
  });

  it(
    "stands still while the guest computes, moves on when it " +
      "asked for something outside, and never goes back",
    async () => {
      let nowMs = 1_000_000;
      const probe = await openProbe({ now: () => nowMs });
      nowMs = 5_000_000;
      expect(await probe.call("hostcall_time_now", 0)).toBe(1000n);
      await probe.call("hostcall_kvstore_get", OUT, OUT2, 0, 0);
      expect(await probe.call("hostcall_time_now", 0)).toBe(5000n);
      nowMs = 3_000_000;
      await probe.call("hostcall_kvstore_get", OUT, OUT2, 0, 0);
      expect(await probe.call("hostcall_time_now", 0)).toBe(5000n);
    },
  );
});

it("random numbers are 64 bits each and never the same", async () => {
  const probe = await openProbe();
  const numbers: unknown[] = [];
  for (let index = 0; index < 50; index += 1) numbers.push(await probe.call("hostcall_rng_next_u64"));
  expect(new Set(numbers).size).toBe(50);
  for (const number of numbers) expect(number === BigInt.asIntN(64, number as bigint)).toBe(true);
  expect(numbers.some((number) => (number as bigint) < 0n)).toBe(true);
});

describe("the panic hook", () => {
  it("ends the guest with its message", async () => {
    const probe = await openProbe();
    const error = await faultOf(probe.call("hostcall_panic_hook", probe.put("boom\nat x"), 9));
    expect(error).toMatchObject({ code: "TER_GUEST_PANIC", message: "The program panicked: boom\nat x" });
  });

  it("cuts a message that is a dump", async () => {
    const probe = await openProbe();
    expect((await faultOf(probe.call("hostcall_panic_hook", 0, 100_000))).message.length).toBeLessThan(
      20_000,
    );
  });
});

describe("debug lines", () => {
  it("are one event each, counted or NUL-terminated", async () => {
    const probe = await openProbe();
    await probe.call("hostcall_debug", probe.put("hello world"), 5);
    await probe.call("hostcall_debug", probe.put("with NUL\0behind"), -1);
    expect(probe.lines).toEqual(["debug: hello", "debug: with NUL"]);
  });

  it("cannot forge lines or control a terminal", async () => {
    const probe = await openProbe();
    const text = "a\nb\r\n\u001b]52;c;x\u0007\u009b31m\u2028\t.\n";
    await probe.call("hostcall_debug", probe.put(text), Buffer.byteLength(text));
    expect(probe.lines).toEqual(["debug: a\\nb\\r\\n\\x1b]52;c;x\\x07\\x9b31m\\u2028\t."]);
  });

  it("that are not UTF-8 arrive with replacement characters", async () => {
    const probe = await openProbe();
    await probe.call("hostcall_debug", probe.put(Uint8Array.of(0x61, 0xff, 0x62)), 3);
    expect(probe.lines).toEqual(["debug: a\ufffdb"]);
  });

  it("without NUL before the end of memory are a fault", async () => {
    const probe = await openProbe();
    new Uint8Array(probe.memory.buffer).fill(1, 70_000);
    expect((await faultOf(probe.call("hostcall_debug", 80_000, -1))).message).toContain("no NUL");
  });

  it.each([
    [8, ["debug: xxxxxxxx"]],
    [9, ["debug: xxxxxxxxx"]],
    [10, ["debug: xxxxxxxxxx"]],
    [11, ["debug: xxxxxxxxxx", "platform: Log of this request cut here: the limit is 10 bytes"]],
  ])("of %i bytes with a limit of 10 are cut with a note, not a fault", async (size, lines) => {
    const probe = await openProbe({ limits: { logBytes: 10 } });
    await probe.call("hostcall_debug", probe.put("x".repeat(size)), size);
    expect(probe.lines).toEqual(lines);
  });

  it("that are empty are not free", async () => {
    const probe = await openProbe({ limits: { logBytes: 10 } });
    for (let index = 0; index < 100; index += 1) await probe.call("hostcall_debug", 0, 0);
    disposeRunState(probe.state);
    expect(probe.lines.length).toBeLessThan(15);
    expect(probe.lines.filter((line) => line.startsWith("platform"))).toHaveLength(1);
  });
});

describe("dns hostcalls", () => {
  it("give the answer, or null and 0 with a reason in the log", async () => {
    const probe = await openProbe({
      resolver: {
        raw: (query) =>
          query.length === 1
            ? Promise.resolve(Uint8Array.of(1, 2, 3))
            : Promise.reject(new Error("malformed")),
        addresses: (name, ipv6) =>
          ipv6
            ? Promise.reject(new Error(`no ${name}`))
            : Promise.resolve([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)]),
      },
    });
    expect(await probe.call("hostcall_dns_query_raw", OUT, OUT2, 4096, 1)).toBe(1);
    expect(probe.given(OUT, OUT2).text).toBe("\x01\x02\x03");
    expect(await probe.call("hostcall_dns_query_raw", OUT, OUT2, 4096, 2)).toBe(0);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
    expect(await probe.call("hostcall_dns_query_ip", OUT, OUT2, probe.put("a.test"), 6, 0)).toBe(1);
    expect(probe.givenList(OUT, OUT2).map(({ text }) => text)).toEqual([
      "\x01\x02\x03\x04",
      "\x05\x06\x07\x08",
    ]);
    expect(await probe.call("hostcall_dns_query_ip", OUT, OUT2, probe.put("a.test"), 6, 1)).toBe(0);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
    expect(probe.lines).toEqual([
      "platform: DNS query failed: malformed",
      "platform: DNS query for a.test failed: no a.test",
    ]);
  });

  it.each([
    [2, true],
    [3, true],
    [4, false],
  ])("%i queries with 3 allowed: passes is %s", async (count, passes) => {
    const probe = await openProbe({ limits: { dnsQueries: 3 } });
    const all = (async () => {
      for (let index = 0; index < count; index += 1)
        await probe.call("hostcall_dns_query_ip", OUT, OUT2, 0, 0, 0);
    })();
    if (passes) await all;
    else expect((await faultOf(all)).details).toMatchObject({ limit: "DNS queries", used: 4, allowed: 3 });
  });
});
