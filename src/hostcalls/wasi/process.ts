// Arguments (there are none), exit, clocks and random of WASI.
import type { Later, CallContext } from "../call-context.ts";
import { viewBytes, writeU32, writeU64 } from "../memory/guest-memory.ts";
import { chargeWork } from "../host-work.ts";
import { ExitRequest, limitReached } from "../call-errors.ts";
import { oneTurn, whenDone } from "../waiting.ts";
import { ERRNO } from "./errno.ts";

/** Random bytes of one call. */
const MAX_RANDOM_BYTES = 64 * 1024;
/** What the clocks distinguish. */
const CLOCK_RESOLUTION_NS = 1000n;
const NS_PER_MS = 1_000_000n;
const REALTIME = 0;
/** Monotonic, process and thread time all count from the start of the run, and begin with a second. */
const LAST_CLOCK = 3;

export const PROCESS_CALLS = {
  args_get: () => ERRNO.success,
  args_sizes_get: (run: CallContext, countOut: number, bytesOut: number) => empty(run, countOut, bytesOut),
  clock_res_get(run: CallContext, clock: number, out: number): number {
    if (!isClock(clock)) return ERRNO.invalid;
    writeU64(run, out, CLOCK_RESOLUTION_NS, "the out-parameter for the resolution");
    return ERRNO.success;
  },
  clock_time_get(run: CallContext, clock: number, _precision: bigint, out: number): number {
    if (!isClock(clock)) return ERRNO.invalid;
    writeU64(run, out, clockNs(run, clock), "the out-parameter for the time");
    return ERRNO.success;
  },
  random_get(run: CallContext, ptr: number, len: number): number {
    const length = len >>> 0;
    if (length > MAX_RANDOM_BYTES)
      throw limitReached("random bytes of one call", length, MAX_RANDOM_BYTES, null);
    const buffer = viewBytes(run, ptr, length, "the buffer for the random bytes");
    chargeWork(run, length);
    if (length > 0) run.state.services.random(buffer);
    return ERRNO.success;
  },
  proc_exit(run: CallContext, code: number): void {
    // Output without a line end comes before what the edge logs about the exit.
    run.state.log.flush();
    throw new ExitRequest(code);
  },
  /** There are no signals. */
  proc_raise: () => ERRNO.notImplemented,
  sched_yield: (run: CallContext): Later<number> | number => whenDone(run, oneTurn(), () => ERRNO.success),
};

/** Some runtimes, Go's among them, take a time of 0 for a clock that does not work. */
const FIRST_NS = 1_000_000_000n;

/** Time of a clock in nanoseconds. */
export function clockNs(run: CallContext, clock: number): bigint {
  const { clock: time } = run.state;
  if (clock !== REALTIME)
    return FIRST_NS + BigInt(Math.floor((time.nowMs - time.startedAtMs) * 1000)) * 1000n;
  const { seconds, nanos } = time.split();
  return seconds * 1000n * NS_PER_MS + BigInt(nanos);
}

/** Whether there is such a clock. */
export function isClock(clock: number): boolean {
  return clock >= REALTIME && clock <= LAST_CLOCK;
}

function empty(run: CallContext, countOut: number, bytesOut: number): number {
  writeU32(run, countOut, 0, "the out-parameter for the count");
  writeU32(run, bytesOut, 0, "the out-parameter for the size");
  return ERRNO.success;
}
