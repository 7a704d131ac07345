// hostcall_rng_next_u64: strong random numbers.
import type { Calls } from "../calls.ts";

export const RANDOM_CALLS = {
  hostcall_rng_next_u64: (run) => run.state.random.next(),
} satisfies Calls<"random">;
