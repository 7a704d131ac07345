// The clock of one run. It stands still while the guest computes and advances whenever the guest has waited
// for something outside. So a program cannot time its own instructions, which cache attacks need.

export class RunClock {
  readonly #now: () => number;
  readonly startedAtMs: number;
  #nowMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.startedAtMs = now();
    this.#nowMs = this.startedAtMs;
  }

  /** Milliseconds with fraction since the Unix epoch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Advances to the real time; it never goes back within a run. */
  refresh(): void {
    this.#nowMs = Math.max(this.#nowMs, this.#now());
  }

  /** Whole seconds and the nanoseconds within the second. */
  split(): { readonly seconds: bigint; readonly nanos: number } {
    const seconds = Math.floor(this.nowMs / 1000);
    const nanos = Math.floor((this.nowMs - seconds * 1000) * 1e6);
    return { seconds: BigInt(seconds), nanos: Math.min(nanos, 999_999_999) };
  }
}
