// Whose turn it is. One guest runs on the thread at a time; each stretch of it, from start or resumption to the next
// suspension or the end, is a slice. The kill word carries the number of the slice, so a slice must begin exactly when its
// guest does: V8 resumes a guest in a microtask after its promise resolves, and nobody else may be resumed in between.
import type { ControlBlock, KillReason } from "./ticker/control-block.ts";

/** After this long without a pause, queued guests wait until the event loop has turned once: sockets and timers come first. */
const BREATHE_AFTER_MS = 5;

/** A slice at least this long had a chance to be seen by the ticker, so its CPU time may be less than its wall time. */
const LONG_SLICE_MS = 4;

/** Somebody who wants a slice. */
export interface TurnTaker {
  /** CPU time that the next slice may use, and when the run has to be over, on `performance.now()`. */
  readonly cpuLeftMs: number;
  readonly wallDeadlineMs: number;
  /** The slice is open: run. */
  takeTurn(): void;
}

/** What a slice took. */
export interface SliceEnd {
  readonly cpuMs: number;
  readonly killed: KillReason | null;
}

/** The run queue of one thread. */
export class Turns {
  readonly #block: ControlBlock;
  #queue: TurnTaker[] = [];
  #head = 0;
  #slice = 0;
  #beganMs = 0;
  #pumping = false;
  #breathedMs = 0;

  constructor(block: ControlBlock) {
    this.#block = block;
  }

  /** Gives a turn now if nobody has one and nobody waits, else when those before are done. */
  request(taker: TurnTaker): void {
    if (this.#slice === 0 && this.#head === this.#queue.length && !this.#pumping) return this.#give(taker);
    this.#queue.push(taker);
    if (this.#slice === 0) this.#schedule();
  }

  /** Ends the slice under way. The next one begins in a later microtask: the guest's frames are still on the stack. */
  end(): SliceEnd {
    const wallMs = performance.now() - this.#beganMs;
    const cpuMs = wallMs < LONG_SLICE_MS ? wallMs : Math.min(wallMs, this.#longSliceCpuMs(wallMs));
    const killed = this.#block.close();
    this.#slice = 0;
    if (this.#head < this.#queue.length) this.#schedule();
    return { cpuMs, killed };
  }

  /** Why the ticker has killed the slice under way; null if it has not. */
  get killed(): KillReason | null {
    return this.#block.killed;
  }

  #give(taker: TurnTaker): void {
    this.#beganMs = performance.now();
    this.#slice = this.#block.open(this.#beganMs, taker.cpuLeftMs, taker.wallDeadlineMs);
    taker.takeTurn();
  }

  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const nowMs = performance.now();
    if (nowMs - this.#breathedMs < BREATHE_AFTER_MS) queueMicrotask(this.#pump);
    else setImmediate(this.#breathe);
  }

  readonly #breathe = (): void => {
    this.#breathedMs = performance.now();
    this.#pump();
  };

  readonly #pump = (): void => {
    this.#pumping = false;
    const taker = this.#queue[this.#head];
    if (taker === undefined || this.#slice !== 0) return;
    this.#head += 1;
    this.#compact();
    this.#give(taker);
  };

  /** Drops those who had their turn; copying now and then is cheaper than shifting each time. */
  #compact(): void {
    const done = this.#head === this.#queue.length || (this.#head > 1024 && this.#head * 2 > this.#queue.length);
    if (!done) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  /**
   * CPU time of a slice by the thread's own clock: a neighbour process that holds the processor must not be charged to the
   * guest. The ticker's first look is the base; what lies before it, at most one look, counts as if it had all been used.
   */
  #longSliceCpuMs(wallMs: number): number {
    const sighting = this.#block.sighting(this.#slice);
    if (sighting === null) return wallMs;
    const { user, system } = process.threadCpuUsage();
    return sighting.atMs - this.#beganMs + (user + system) / 1000 - sighting.cpuMs;
  }
}
