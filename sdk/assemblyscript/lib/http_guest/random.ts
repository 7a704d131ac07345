// Randomness.
import { hostcall_rng_next_u64 } from "./hostcalls";

/** 64 cryptographically strong random bits. */
export function rng_next_u64(): u64 {
  return hostcall_rng_next_u64();
}
