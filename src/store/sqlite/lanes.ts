// Waits for locks: an operation runs at once if it can, otherwise off the caller's stack until it succeeds.
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { TerrariumError } from "../../errors/index.ts";
import type { Awaitable } from "../types.ts";
import { isBusy, toStoreError } from "./faults.ts";

/** How long an operation tries before it gives up. */
const LOCK_WAIT_MS = 5000;
/** How long it tries on the caller's stack: a writer in another process usually finishes within 50 µs. */
const SPIN_MS = 0.1;
/** Longest pause between two tries. */
const MAX_PAUSE_MS = 4;
/** How long a lane that got the lock continues before it yields the thread. */
const TURN_MS = 2;

const BUSY = Symbol("busy");

interface Waiting {
  readonly attempt: () => unknown;
  readonly sinceMs: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TerrariumError) => void;
}

/** Operations in one lane keep their order: while one waits, those behind it wait too. */
export class Lanes {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #waitMs: number;

  constructor(waitMs = LOCK_WAIT_MS) {
    this.#waitMs = waitMs;
  }

  /**
   * Runs `operation` (one transaction, which may be tried often) on `inputs`. They are copied before it
   * waits, since the caller's memory may change by then. Throws or rejects with TerrariumError;
   * TER_STORE_UNAVAILABLE after five seconds.
   */
  run<T, Inputs extends readonly Uint8Array[]>(
    lane: string,
    inputs: Inputs,
    operation: (...inputs: Inputs) => T,
  ): Awaitable<T> {
    if (!this.#waiting.has(lane)) {
      const result = spin(() => operation(...inputs));
      if (result !== BUSY) return result;
    }
    const kept = inputs.map((input) => input.slice()) as unknown as Inputs;
    return this.#enqueue(lane, () => operation(...kept));
  }

  /** Resolves when nothing is waiting. */
  async idle(): Promise<void> {
    while (this.#waiting.size > 0) await pause(1);
  }

  #enqueue<T>(lane: string, operation: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        attempt: operation,
        sinceMs: performance.now(),
        resolve: resolve as (value: unknown) => void,
        reject,
      };
      const queue = this.#waiting.get(lane);
      if (queue !== undefined) queue.push(waiting);
      else void this.#drain(lane, waiting);
    });
  }

  async #drain(lane: string, first: Waiting): Promise<void> {
    const queue = [first];
    this.#waiting.set(lane, queue);
    let tries = 0;
    let turnStartMs = performance.now();
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      if (this.#settle(head)) {
        queue.shift();
        tries = 0;
        if (performance.now() - turnStartMs < TURN_MS) continue;
        await nextTurn();
      } else await backOff(tries++);
      turnStartMs = performance.now();
    }
    this.#waiting.delete(lane);
  }

  /** Tries once. False if it has to be tried again. */
  #settle(waiting: Waiting): boolean {
    try {
      const result = attempt(waiting.attempt);
      if (result !== BUSY) waiting.resolve(result);
      else if (performance.now() - waiting.sinceMs < this.#waitMs) return false;
      else
        waiting.reject(
          new TerrariumError("TER_STORE_UNAVAILABLE", {
            reason: `another process has it locked for ${this.#waitMs} ms`,
          }),
        );
    } catch (error) {
      waiting.reject(toStoreError(error));
    }
    return true;
  }
}

function spin<T>(operation: () => T): T | typeof BUSY {
  const startMs = performance.now();
  for (;;) {
    const result = attempt(operation);
    if (result !== BUSY || performance.now() - startMs > SPIN_MS) return result;
  }
}

function attempt<T>(operation: () => T): T | typeof BUSY {
  try {
    return operation();
  } catch (error) {
    if (isBusy(error)) return BUSY;
    throw toStoreError(error);
  }
}

/**
 * Two turns of the event loop first, then growing pauses; random, so that waiters do not move in lockstep.
 */
async function backOff(tries: number): Promise<void> {
  if (tries < 2) await nextTurn();
  else await pause(1 + Math.random() * Math.min(MAX_PAUSE_MS, 2 ** (tries - 2)));
}
