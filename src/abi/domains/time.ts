// The wall clock.
import type { HostcallTable } from "../types.ts";

export const TIME_HOSTCALLS = {
  hostcall_time_now: {
    domain: "time",
    params: [{ name: "subsec_nanos_out", type: "i32", role: "out-u32" }],
    result: { type: "i64", role: "number", statuses: [] },
    maySuspend: false,
    summary:
      "Gives the seconds since the Unix epoch and, unless the " +
      "pointer is null, the nanoseconds within the second.",
    example: "uint32_t subsec_nanos;\nuint64_t seconds = hostcall_time_now(&subsec_nanos);",
  },
} as const satisfies HostcallTable;
