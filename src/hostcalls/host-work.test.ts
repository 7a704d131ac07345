// The work that hostcalls cause: limited before it begins, charged, and interruptible in the middle.
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/index.ts";
import type { WasmNumber } from "../engine/types.ts";
import { RunEnded } from "./call-errors.ts";
import { MalformedMessage, readMessage } from "./dns/message.ts";
import { trimmed } from "./http/field-rules.ts";
import { costOf, HOSTILE_BYTES, searchCost, type CostlyCall } from "./testing/cost.ts";
import { openProbe } from "./testing/probe.ts";

const MIB = 1024 * 1024;
const BYTES_AT = MIB;
const SLICES_AT = 256 * 1024;
/** Spelling out all that one run may log, and copying all that one hostcall may. */
const MOST_UNITS = DEFAULT_LIMITS.logBytes * 33 + 2 * (2 * MIB) + MIB;

const LARGE_CALLS: readonly [string, number[]][] = [
  ["hostcall_debug", [BYTES_AT, 60_000]],
  ["hostcall_panic_hook", [BYTES_AT, 2 * MIB - 8]],
  ["hostcall_resp_set_body", [0, BYTES_AT, MIB]],
  ["hostcall_req_set_body", [1, BYTES_AT, MIB]],
  ["hostcall_req_get_body", [1024, 1028, 0]],
  ["hostcall_kvstore_insert", [BYTES_AT, 10, BYTES_AT, MIB]],
  ["hostcall_kvstore_upsert", [BYTES_AT, 10, BYTES_AT, MIB]],
  ["hostcall_kvstore_append", [BYTES_AT, 10, BYTES_AT, MIB]],
  ["hostcall_kvstore_compare_and_set", [BYTES_AT, 10, BYTES_AT, MIB, BYTES_AT, 0]],
  ["hostcall_kvstore_compare_and_set", [BYTES_AT, 10, BYTES_AT, 0, BYTES_AT, MIB]],
  ["hostcall_resp_set_header", [0, BYTES_AT, 4, SLICES_AT, 1000]],
  ["fd_write", [1, SLICES_AT, 30, 1024]],
  ["random_get", [BYTES_AT, 65_536]],
];

function callOf(name: string, args: readonly WasmNumber[], bytes = "a", sliceBytes = 30): CostlyCall {
  return {
    name,
    args,
    sliceBytes,
    bytes: HOSTILE_BYTES.findIndex((entry) => String(entry) === String(Buffer.from(bytes))),
  };
}

describe("the work of a hostcall", () => {
  it.each(LARGE_CALLS)("ends in the middle of %s when the run's time is up", async (name, args) => {
    let looks = 0;
    const cost = await costOf(callOf(name, args, "a", 2100), () => {
      looks += 1;
      throw new RunEnded();
    });
    expect([cost.ending, looks]).toEqual([new RunEnded().message, 1]);
  });

  it("has a cap in whatever calls a search finds", async () => {
    const costs: { readonly units: number; readonly name: string }[] = [];
    await searchCost(
      11,
      (tried) => tried === 250,
      ({ units, call }) => costs.push({ units, name: call.name }),
    );
    expect(costs.filter(({ units }) => units > MOST_UNITS)).toEqual([]);
  });

  it("does not grow with what a line of the log cannot hold", async () => {
    const { units } = await costOf(callOf("hostcall_debug", [BYTES_AT, 2 * MIB - 8], "\x01"));
    expect(units).toBeLessThan(DEFAULT_LIMITS.logBytes * 34);
  });

  it.each([
    ["hostcall_kvstore_insert", [BYTES_AT, 10, BYTES_AT, MIB + 1], "TER_KV_VALUE_TOO_LARGE"],
    ["hostcall_kvstore_compare_and_set", [1024, 4, BYTES_AT, MIB + 1, 0, 0], "TER_KV_VALUE_TOO_LARGE"],
    ["hostcall_kvstore_compare_and_set", [1024, 4, 0, 0, BYTES_AT, MIB + 1], "TER_KV_VALUE_TOO_LARGE"],
    ["hostcall_kvstore_get", [1024, 1028, BYTES_AT, MIB], "TER_KV_KEY_TOO_LARGE"],
    ["hostcall_kvstore_increment", [1024, BYTES_AT, MIB, 1n], "TER_KV_KEY_TOO_LARGE"],
    ["hostcall_req_create", [1124, 3, BYTES_AT, MIB], "TER_GUEST_LIMIT"],
    ["hostcall_req_get_header", [1024, 1028, 0, BYTES_AT, MIB], "TER_GUEST_LIMIT"],
    ["hostcall_resp_set_header", [0, BYTES_AT, MIB, 0, 0], "TER_GUEST_LIMIT"],
  ])("of %s is refused before the bytes are copied", async (name, args, code) => {
    const cost = await costOf(callOf(name, args));
    expect(cost.ending).toBe(code);
    expect(cost.units).toBeLessThan(100_000);
  });

  it.each([
    ["hostcall_dns_query_raw", [1024, 1028, BYTES_AT, MIB]],
    ["hostcall_dns_query_ip", [1024, 1028, BYTES_AT, MIB, 0]],
  ])("of %s does not grow with what no query can hold", async (name, args) => {
    const cost = await costOf(callOf(name, args));
    expect(cost.ending).toBe("0");
    expect(cost.units).toBeLessThan(30_000);
  });
});

describe("lines of a log", () => {
  it("without text are as many as those that share the log's bytes", async () => {
    const probe = await openProbe({ limits: { logBytes: 3200 } });
    for (let call = 0; call < 500; call += 1) await probe.call("hostcall_debug", 0, 0);
    expect(probe.lines).toHaveLength(117);
    expect(probe.lines.at(-1)).toBe("platform: Log of this request cut here: the limit is 116 lines");
  });
});

describe("what is parsed", () => {
  it("follows so many pointers of a DNS name as a name has labels", () => {
    // Two records of an unknown type: the data of the first is an empty name and pointers, each to the one
    // before; the name of the second is a pointer to the last of them.
    const chain = (pointers: number) => {
      const pointer = (to: number) => [0xc0 | (to >> 8), to & 0xff];
      const data = [
        0,
        ...Array.from({ length: pointers }, (_, hop) => pointer(hop === 0 ? 23 : 22 + 2 * hop)).flat(),
      ];
      const fixed = (bytes: number) => [0, 99, 0, 1, 0, 0, 0, 0, bytes >> 8, bytes & 0xff];
      const header = [0, 0, 0x80, 0, 0, 0, 0, 2, 0, 0, 0, 0];
      return Uint8Array.from([
        ...header,
        0,
        ...fixed(data.length),
        ...data,
        ...pointer(22 + 2 * pointers),
        ...fixed(0),
      ]);
    };
    expect(readMessage(chain(100)).answers[1]?.name).toBe("");
    expect(() => readMessage(chain(200))).toThrow(MalformedMessage);
  });

  it("loses its surrounding blanks and no others", () => {
    expect(trimmed(" \t a \t b\t ")).toBe("a \t b");
    expect(trimmed(" \t ")).toBe("");
  });
});
