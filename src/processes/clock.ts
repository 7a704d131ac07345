// The platform's time: milliseconds since the Unix epoch that pass at the rate of the machine's clock but
// never jump when somebody sets it. All processes of a machine read the same monotonic clock, so the same
// base gives them the same time. Durations, expiry and the order of logs follow it; only what the outside
// compares with its own clock (certificates, what guests and clients are told) follows the machine's.

/** The platform's time in one process. */
export interface Clock {
  /** Whole milliseconds. */
  readonly now: () => number;
  /** Milliseconds with fraction, to order what several processes did at once. */
  readonly preciseNow: () => number;
}

/** Milliseconds since an unknown moment, the same one for all processes until the machine is restarted. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** `baseMs`: the platform's time when the monotonic clock was at 0. */
export function clockFrom(baseMs: number): Clock {
  // `performance.now()` is the same clock from another zero, and cheaper to read.
  const zeroMs = baseMs + monotonicMs() - performance.now();
  const preciseNow = () => zeroMs + performance.now();
  return { preciseNow, now: () => Math.floor(preciseNow()) };
}

/** The machine's clock with a fraction of a millisecond. It goes back only when that clock is set back. */
export function createWallClock(
  wallMs: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): () => number {
  let zeroMs = wallMs() - monotonic();
  return () => {
    const whole = wallMs();
    const passed = monotonic();
    const precise = zeroMs + passed;
    if (precise >= whole && precise < whole + 1) return precise;
    const nearest = precise < whole ? whole : whole + 0.999;
    zeroMs = nearest - passed;
    return nearest;
  };
}
