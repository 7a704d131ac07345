// The record of one run's hostcalls, kept only for runs that somebody inspects.

/** Calls kept of one run; later ones are counted. */
const MAX_CALLS = 200;
/** Characters of what a call says about itself. */
const MAX_NOTE_CHARACTERS = 200;

/** One hostcall. Times are milliseconds, `startMs` from the start of the run. */
export interface TracedCall {
  readonly name: string;
  readonly startMs: number;
  readonly ms: number;
  /** Input texts: a URL, a key, a header's name. */
  readonly detail: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /**
   * The returned number and what the contract says about it, `fault`, or empty for calls that return nothing.
   */
  readonly result: string;
  /**
   * The outcome where the number does not show it: addresses found, a status, why it failed. Otherwise empty.
   */
  readonly note: string;
}

/** The hostcalls of one run. */
export class RunTrace {
  readonly calls: TracedCall[] = [];
  /** Calls beyond those kept. */
  left = 0;
  readonly #startedMs = performance.now();
  #note = "";

  /** Milliseconds since the run began. */
  elapsed(): number {
    return performance.now() - this.#startedMs;
  }

  /** Describes the outcome of the current call. A run makes one call at a time. */
  explain(note: string): void {
    this.#note = note.slice(0, MAX_NOTE_CHARACTERS);
  }

  /** Keeps a call that ended, with what it said about itself. */
  add(call: Omit<TracedCall, "note">): void {
    if (this.calls.length < MAX_CALLS) this.calls.push({ ...call, note: this.#note });
    else this.left++;
    this.#note = "";
  }
}
