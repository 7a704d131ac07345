import { describe, expect, it } from "vitest";
import { faultOf, openProbe, OUT, OUT2, TABLE } from "../testing/probe.ts";

const FAR = 0x7fff_0000;

describe("hostcall_init_mm", () => {
  it.each([
    ["an index beyond the table", 99, TABLE.free, /table has 9 entries/],
    ["a negative index", -1, TABLE.free, /table has 9 entries/],
    ["an empty entry", TABLE.empty, TABLE.free, /malloc_fn is not a function/],
    ["a malloc of another type", TABLE.wrongType, TABLE.free, /malloc_fn is not a function of type/],
    ["free in place of malloc", TABLE.free, TABLE.free, /malloc_fn is not a function of type/],
    ["malloc in place of free", TABLE.malloc, TABLE.malloc, /free_fn is not a function of type/],
    ["a free that is empty", TABLE.malloc, TABLE.empty, /free_fn is not a function of type/],
  ])("refuses %s", async (_, malloc, free, reason) => {
    const probe = await openProbe({ init: false });
    const error = await faultOf(probe.call("hostcall_init_mm", malloc, free));
    expect(error.code).toBe("TER_GUEST_BAD_CALL");
    expect(error.message).toMatch(reason);
    expect(error.details["hostcall"]).toBe("hostcall_init_mm");
  });
});

describe("what the host gives", () => {
  it("is followed by 16 zero bytes that the length does not count", async () => {
    const probe = await openProbe({ request: { body: Buffer.from("hello") } });
    await probe.call("hostcall_req_get_body", OUT, OUT2, 0);
    const { pointer, length, text } = probe.given(OUT, OUT2);
    expect(text).toBe("hello");
    expect(length).toBe(5);
    expect(probe.asked()).toEqual([21]);
    expect([...new Uint8Array(probe.memory.buffer, pointer + 5, 16)]).toEqual([...new Uint8Array(16)]);
  });

  it("is null and 0 if there is nothing, and malloc is not asked", async () => {
    const probe = await openProbe();
    new Uint8Array(probe.memory.buffer).fill(0xff, OUT, OUT + 8);
    await probe.call("hostcall_req_get_body", OUT, OUT2, 0);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
    const name = probe.put("x-none");
    new Uint8Array(probe.memory.buffer).fill(0xff, OUT, OUT + 8);
    await probe.call("hostcall_req_get_header", OUT, OUT2, 0, name, 6);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
    expect(probe.asked()).toEqual([]);
  });

  it(
    "comes in lists whose array and elements are allocations " +
      "of their own, none of them null or of 0 bytes",
    async () => {
      const probe = await openProbe();
      const name = probe.put("x-empty");
      await probe.call("hostcall_req_get_header", OUT, OUT2, 0, name, 7);
      const list = probe.givenList(OUT, OUT2);
      expect(list).toHaveLength(1);
      expect(list[0]).toMatchObject({ length: 0 });
      expect(list[0]?.pointer).toBeGreaterThan(0);
      expect(probe.asked()).toEqual([8 + 16, 0 + 16]);
      const array = probe.u32(OUT);
      expect([...new Uint8Array(probe.memory.buffer, array + 8, 16)]).toEqual([...new Uint8Array(16)]);
      expect([...new Uint8Array(probe.memory.buffer, list[0]?.pointer, 16)]).toEqual([...new Uint8Array(16)]);
    },
  );

  it("arrives although malloc grows the memory meanwhile", async () => {
    const body = Buffer.alloc(300_000, "x");
    const probe = await openProbe({ request: { body } });
    const before = probe.memory.buffer.byteLength;
    await probe.call("hostcall_req_get_body", OUT, OUT2, 0);
    expect(probe.memory.buffer.byteLength).toBeGreaterThan(before);
    expect(probe.given(OUT, OUT2).text).toBe(body.toString());
  });

  it("may be placed at address 0, as WAT programs do", async () => {
    const probe = await openProbe();
    await probe.call("hostcall_req_get_method", 0, 4, 0);
    expect(probe.given(0, 4).text).toBe("GET");
  });
});

describe("without hostcall_init_mm", () => {
  it("something to return is a fault that says so", async () => {
    const probe = await openProbe({ init: false });
    const error = await faultOf(probe.call("hostcall_req_get_method", OUT, OUT2, 0));
    expect(error.code).toBe("TER_GUEST_NO_ALLOCATOR");
    expect(error.message).toContain("hostcall_req_get_method");
  });

  it("nothing to return works", async () => {
    const probe = await openProbe({ init: false });
    await probe.call("hostcall_req_get_body", OUT, OUT2, 0);
    expect(await probe.call("hostcall_kvstore_get", OUT, OUT2, probe.put("k"), 1)).toBe(0);
    expect(await probe.call("hostcall_dns_query_ip", OUT, OUT2, probe.put("k"), 1, 0)).toBe(0);
    expect(probe.given(OUT, OUT2)).toMatchObject({ pointer: 0, length: 0 });
  });
});

describe("an allocator that misbehaves", () => {
  const withMalloc = async (malloc: number) => {
    const probe = await openProbe({ init: false });
    await probe.call("hostcall_init_mm", malloc, TABLE.free);
    return probe.call("hostcall_req_get_method", OUT, OUT2, 0);
  };

  it("is out of memory if it returns null", async () => {
    const error = await faultOf(withMalloc(TABLE.nullMalloc));
    expect(error.code).toBe("TER_GUEST_TRAP");
    expect(error.message).toContain("out of memory");
  });

  it("is at fault if it returns an address outside of memory", async () => {
    expect((await faultOf(withMalloc(TABLE.wildMalloc))).message).toContain("outside of memory");
  });

  it("is explained if it is a bare trap", async () => {
    await expect(withMalloc(TABLE.trappingMalloc)).rejects.toThrow(/allocator is unreachable code.*wasm-opt/);
  });

  it("may not call a hostcall that allocates", async () => {
    expect((await faultOf(withMalloc(TABLE.callingMalloc))).message).toContain("needs the allocator");
  });

  it("may not wait", async () => {
    const error = await faultOf(withMalloc(TABLE.suspendingMalloc));
    expect(error.code).toBe("TER_GUEST_BAD_CALL");
    expect(error.message).toContain("a hostcall that may wait");
  });
});

describe("addresses of the guest", () => {
  it.each<[string, (string | number)[]]>([
    ["hostcall_req_get_body", [FAR, OUT, 0]],
    ["hostcall_req_get_method", [OUT, FAR, 0]],
    ["hostcall_req_get_header", [OUT, OUT2, 0, FAR, 4]],
    ["hostcall_req_create", [FAR, 3, 0, 0]],
    ["hostcall_resp_set_body", [0, FAR, 1]],
    ["hostcall_resp_set_body", [0, 4096, -1]],
    ["hostcall_resp_set_header", [0, 4096, 1, FAR, 1]],
    ["hostcall_kvstore_insert", [FAR, 1, 0, 0]],
    ["hostcall_kvstore_insert", [0, 1, FAR, 1]],
    ["hostcall_time_now", [FAR]],
    ["hostcall_panic_hook", [FAR, 1]],
    ["hostcall_debug", [FAR, 1]],
    ["hostcall_debug", [FAR, -1]],
    ["hostcall_dns_query_raw", [OUT, OUT2, FAR, 12]],
    ["hostcall_pending_req_select", [FAR, 1, OUT]],
    ["hostcall_pending_req_select", [OUT, 0, FAR]],
  ])("outside of memory are a fault of %s", async (name, args) => {
    const probe = await openProbe({ request: { body: Buffer.from("x") } });
    const error = await faultOf(probe.call(name, ...(args as number[])));
    expect(error.code).toBe("TER_GUEST_BAD_CALL");
    expect(error.details["hostcall"]).toBe(name);
  });

  it("do not matter where the length is 0", async () => {
    const probe = await openProbe();
    expect(await probe.call("hostcall_resp_set_body", 0, FAR, 0)).toBe(0);
    expect(await probe.call("hostcall_kvstore_insert", probe.put("k"), 1, FAR, 0)).toBe(1);
    expect(await probe.call("hostcall_kvstore_get", OUT, OUT2, probe.put("k"), 1)).toBe(1);
    const name = probe.put("x-a");
    expect(await probe.call("hostcall_resp_set_header", 0, name, 3, FAR, 0)).toBe(0);
    const slices = probe.put(new Uint8Array(new Uint32Array([FAR, 0]).buffer));
    expect(await probe.call("hostcall_resp_set_header", 0, name, 3, slices, 1)).toBe(0);
    await probe.call("hostcall_debug", FAR, 0);
  });

  it("may reach exactly to the end of memory", async () => {
    const probe = await openProbe();
    const end = probe.memory.buffer.byteLength;
    expect(await probe.call("hostcall_resp_set_body", 0, end - 4, 4)).toBe(0);
    expect((await faultOf(probe.call("hostcall_resp_set_body", 0, end - 4, 5))).code).toBe(
      "TER_GUEST_BAD_CALL",
    );
  });
});

describe("the bytes that one hostcall copies", () => {
  it.each([
    [99, true],
    [100, true],
    [101, false],
  ])("of %i with 100 allowed: passes is %s", async (size, passes) => {
    const probe = await openProbe({ limits: { copyBytes: 100 } });
    const call = probe.call("hostcall_kvstore_insert", 4096, 1, 8192, size);
    if (passes) expect(await call).toBe(1);
    else
      expect((await faultOf(call)).details).toMatchObject({
        limit: "bytes copied by one hostcall",
        used: 101,
        allowed: 100,
      });
  });

  it("are bounded on the way to the guest as well", async () => {
    const probe = await openProbe({ limits: { copyBytes: 4 }, request: { body: Buffer.from("12345") } });
    expect((await faultOf(probe.call("hostcall_req_get_body", OUT, OUT2, 0))).code).toBe("TER_GUEST_LIMIT");
  });
});
