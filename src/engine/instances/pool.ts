// Free slots of a program: last in, first out, because the most recently used one is still in the caches.
import { TerrariumError } from "../../errors/index.ts";
import { DiscardedMemories } from "./garbage.ts";
import type { Plan } from "./plan.ts";
import { Slot } from "./slot.ts";

/** Bytes of memories that no run uses. */
export interface PoolLimits {
  /** Wiped, and kept for later runs. */
  readonly pooledBytes: number;
  /** Thrown away, and not yet freed. */
  readonly discardedBytes: number;
}

/**
 * What all pools of an engine share. The limit on memories is really one on memory maps: a guest with a
 * memory and a stack takes five of the 65,530 that Linux allows per process, and beyond that V8 aborts (seen
 * at 16,000 guests). 10,000 waiting guests take 48,700 maps and 170 MB.
 */
export class MemoryBudget {
  running = 0;
  pooled = 0;
  pooledBytes = 0;
  readonly #maxMemories: number;
  readonly #maxPooledBytes: number;

  readonly discarded: DiscardedMemories;

  constructor(maxMemories: number, { pooledBytes, discardedBytes }: PoolLimits) {
    this.#maxMemories = maxMemories;
    this.#maxPooledBytes = pooledBytes;
    this.discarded = new DiscardedMemories(discardedBytes);
  }

  /** Reserves a slot for a run; throws TER_EDGE_BUSY if the process has no more. */
  admit(): void {
    if (this.running >= this.#maxMemories) throw new TerrariumError("TER_EDGE_BUSY");
    this.running += 1;
  }

  /** Whether one more slot may be kept. */
  fits(bytes: number): boolean {
    return this.pooled + this.running < this.#maxMemories && this.pooledBytes + bytes <= this.#maxPooledBytes;
  }
}

/** The free slots of one program. */
export class SlotPool<State> {
  readonly #plan: Plan<State>;
  readonly #budget: MemoryBudget;
  readonly #free: Slot<State>[] = [];
  #disposed = false;
  /** Fewest free slots since the last trim: this many were not needed. */
  #idle = 0;

  constructor(plan: Plan<State>, budget: MemoryBudget) {
    this.#plan = plan;
    this.#budget = budget;
  }

  take(): Slot<State> {
    const slot = this.#free.pop();
    if (slot === undefined) return new Slot(this.#plan);
    this.#count(-1, -slot.memoryBytes);
    this.#idle = Math.min(this.#idle, this.#free.length);
    return slot;
  }

  /**
   * Returns a slot after a run. `tainted`: something may still write to its memory, so it is never reused.
   */
  give(slot: Slot<State>, tainted: boolean): void {
    const wanted =
      !tainted && !this.#disposed && !this.#plan.newMemories && this.#budget.fits(slot.memoryBytes);
    if (!wanted || !slot.restore()) return this.#budget.discarded.add(slot.memoryBytes);
    this.#free.push(slot);
    this.#count(1, slot.memoryBytes);
  }

  /** Drops the slots that were not needed since the last call. */
  trim(): void {
    const drop = this.#free.splice(0, this.#idle);
    this.#count(-drop.length, -sumOfBytes(drop));
    this.#idle = this.#free.length;
  }

  dispose(): void {
    this.#disposed = true;
    this.#count(-this.#free.length, -sumOfBytes(this.#free));
    this.#free.length = 0;
  }

  #count(slots: number, bytes: number): void {
    this.#budget.pooled += slots;
    this.#budget.pooledBytes += bytes;
  }
}

function sumOfBytes(slots: readonly { readonly memoryBytes: number }[]): number {
  return slots.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}
