import { describe, expect, expectTypeOf, it } from "vitest";
import { ENV_SIGNATURES, HOSTCALLS, hostcallEntries } from "./index.ts";
import type {
  HostcallArguments,
  HostcallFunctions,
  HostcallResult,
  HostcallsOf,
  Parameter,
} from "./index.ts";

describe("the hostcall table", () => {
  it("holds each call under its own domain", () => {
    expect(HOSTCALLS.hostcall_kvstore_get.domain).toBe("kv");
  });

  it("puts the length right after every pointer that needs one", () => {
    for (const [name, { params }] of hostcallEntries()) {
      params.forEach((param, index) =>
        expect(followedRightly(param, params[index + 1]), `${name}: ${param.name}`).toBe(true),
      );
    }
  });

  it("knows Wasm types by name and no name of Object.prototype", () => {
    expect(ENV_SIGNATURES["hostcall_time_now"]).toEqual({ params: ["i32"], results: ["i64"] });
    expect(ENV_SIGNATURES["hostcall_req_set_header"]).toEqual({
      params: ["i32", "i32", "i32", "i32", "i32"],
      results: ["i32"],
    });
    expect(ENV_SIGNATURES["constructor"]).toBeUndefined();
    expect(ENV_SIGNATURES["__proto__"]).toBeUndefined();
  });

  it("derives argument tuples and results", () => {
    expectTypeOf<HostcallArguments<"hostcall_req_get_header">>().toEqualTypeOf<
      [number, number, number, number, number]
    >();
    expectTypeOf<HostcallResult<"hostcall_rng_next_u64">>().toEqualTypeOf<bigint>();
    expectTypeOf<HostcallResult<"hostcall_init_mm">>().toEqualTypeOf<void>();
    expectTypeOf<"hostcall_rng_next_u64">().toExtend<HostcallsOf<"random">>();
  });

  it("rejects a domain that lacks a function, and one that waits where nothing may wait", () => {
    // @ts-expect-error: hostcall_time_now is missing
    const missing = {} satisfies HostcallFunctions<"time", null>;
    const waiting = {
      // @ts-expect-error: the clock never waits
      hostcall_time_now: { suspends: false, call: async () => 1n },
    } satisfies HostcallFunctions<"time", null>;
    expect([missing, waiting]).toHaveLength(2);
  });
});

function followedRightly(param: Parameter, next: Parameter | undefined): boolean {
  if (["in-bytes", "in-text", "in-slices", "in-handles"].includes(param.role)) return next?.role === "length";
  if (["out-bytes", "out-text", "out-slices"].includes(param.role)) return next?.role === "out-length";
  return next?.role !== "length" && next?.role !== "out-length";
}
