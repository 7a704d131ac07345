// Garbage collections of this process, counted from the first scrape on: watching them is not free.
import { constants, PerformanceObserver } from "node:perf_hooks";

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak",
};

/** The types lack Node's details of a collection. */
type GarbageEntry = PerformanceEntry & { readonly detail: { readonly kind: number } };

interface Collected {
  count: number;
  ms: number;
}

export class GarbageWatch {
  readonly #collected = new Map<string, Collected>();
  #observer: PerformanceObserver | null = null;

  /** By kind; begins to count with the first call. */
  read(): ReadonlyMap<string, Readonly<Collected>> {
    if (this.#observer === null) {
      this.#observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as GarbageEntry[])
          this.#note(KINDS[entry.detail.kind] ?? "other", entry.duration);
      });
      this.#observer.observe({ entryTypes: ["gc"] });
    }
    return this.#collected;
  }

  stop(): void {
    this.#observer?.disconnect();
  }

  #note(kind: string, ms: number): void {
    const collected = this.#collected.get(kind) ?? { count: 0, ms: 0 };
    collected.count++;
    collected.ms += ms;
    this.#collected.set(kind, collected);
  }
}
