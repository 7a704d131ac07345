// Compares what the process uses with what it may use. Beyond that, requests may hold no more memory, and
// what can be loaded again is dropped.
import { collectGarbage } from "../../engine/index.ts";
import type { HeldMemory } from "./held-memory.ts";

const EVERY_MS = 250;
/** A full collection takes tens of milliseconds: at most so often. */
const COLLECT_EVERY_MS = 500;

export interface MemoryWatchOptions {
  /** Resident memory of the process, in bytes. */
  readonly maxBytes: number;
  readonly held: HeldMemory;
  /** Drops what is not in use: pooled memories, programs. Called every `EVERY_MS` while memory is short. */
  readonly shed: () => void;
}

/** The watch of one process; `stop` ends it. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #collectedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { maxBytes, held, shed } = this.#options;
    held.isFull = process.memoryUsage.rss() > maxBytes;
    if (!held.isFull) return;
    shed();
    const nowMs = performance.now();
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS) return;
    this.#collectedAtMs = nowMs;
    collectGarbage();
    held.isFull = process.memoryUsage.rss() > maxBytes;
  }
}
