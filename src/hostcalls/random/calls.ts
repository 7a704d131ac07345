// hostcall_rng_next_u64: strong random numbers.
import type { Calls } from "../calls.ts";

export const RANDOM_CALLS = {
  hostcall_rng_next_u64(run) {
    const number = new BigInt64Array(1);
    run.state.services.random(new Uint8Array(number.buffer));
    return number[0] ?? 0n;
  },
} satisfies Calls<"random">;
