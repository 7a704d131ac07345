// Handles of one kind. They count upwards and are never reused within a run, so a stale one stays stale.
import { limitReached } from "../call-errors.ts";

/** Live handles of all kinds of one run. */
export interface HandleBudget {
  live: number;
  readonly allowed: number;
}

/** Entries behind the handles of one kind; handle 0 is never among them. */
export class HandleTable<Entry> {
  readonly #budget: HandleBudget;
  /** Created with the first entry: few runs have handles. */
  #entries: Map<number, Entry> | null = null;
  #last = 0;

  constructor(budget: HandleBudget) {
    this.#budget = budget;
  }

  add(entry: Entry): number {
    if (this.#budget.live >= this.#budget.allowed)
      throw limitReached("live handles", this.#budget.live + 1, this.#budget.allowed, "handles");
    this.#budget.live += 1;
    this.#last += 1;
    (this.#entries ??= new Map()).set(this.#last, entry);
    return this.#last;
  }

  /** The entry, or undefined if the handle is unknown or consumed. */
  get(handle: number): Entry | undefined {
    return this.#entries?.get(handle);
  }

  /** Consumes the handle. */
  take(handle: number): Entry | undefined {
    const entry = this.#entries?.get(handle);
    if (this.#entries?.delete(handle) === true) this.#budget.live -= 1;
    return entry;
  }

  clear(): void {
    if (this.#entries === null) return;
    this.#budget.live -= this.#entries.size;
    this.#entries.clear();
  }
}
