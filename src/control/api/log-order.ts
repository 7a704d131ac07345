// Events of a log in the order of time. Edges write in batches, so what two of them heard at the same time is
// stored batch by batch.
import type { StoredLogEvent } from "../../store/types.ts";

/** By then every edge has written what it heard: batches are written after a tenth of a second. */
export const SETTLED_MS = 300;

export function inOrderOfTime(events: readonly StoredLogEvent[]): StoredLogEvent[] {
  return events.toSorted((a, b) => a.atMs - b.atMs || a.offset - b.offset);
}

/** Events that arrived, held until no earlier one can arrive any more. */
export class LogOrder {
  #held: StoredLogEvent[] = [];
  /** The last offset that was added. */
  #last: number;

  /** `after`: the offset before the first event. */
  constructor(after: number) {
    this.#last = after;
  }

  add(events: readonly StoredLogEvent[]): void {
    this.#held = inOrderOfTime([...this.#held, ...events]);
    this.#last = Math.max(this.#last, ...events.map(({ offset }) => offset));
  }

  /** Those that are settled, each with an offset after which a reader who stops there misses nothing. */
  take(nowMs: number): { readonly event: StoredLogEvent; readonly resumeAfter: number }[] {
    const count = this.#held.findIndex(({ atMs }) => atMs > nowMs - SETTLED_MS);
    const settled = this.#held.splice(0, count === -1 ? this.#held.length : count);
    return settled.map((event, index) => {
      const missing = [...settled.slice(index + 1), ...this.#held].map(({ offset }) => offset - 1);
      return { event, resumeAfter: Math.min(this.#last, ...missing) };
    });
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }
}
