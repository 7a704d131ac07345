// hostcall_time_now: the wall clock.
import type { Calls } from "../calls.ts";
import { writeU32 } from "../memory/guest-memory.ts";

export const TIME_CALLS = {
  hostcall_time_now(run, nanosOut) {
    const { seconds, nanos } = run.state.clock.split();
    if (nanosOut !== 0) writeU32(run, nanosOut, nanos, "the out-parameter for the nanoseconds");
    return seconds;
  },
} satisfies Calls<"time">;
