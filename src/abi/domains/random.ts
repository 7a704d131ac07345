// Randomness.
import type { HostcallTable } from "../types.ts";

export const RANDOM_HOSTCALLS = {
  hostcall_rng_next_u64: {
    domain: "random",
    params: [],
    result: { type: "i64", role: "number", statuses: [] },
    maySuspend: false,
    summary: "Gives 64 cryptographically strong random bits.",
    example: "uint64_t nonce = hostcall_rng_next_u64();",
  },
} as const satisfies HostcallTable;
