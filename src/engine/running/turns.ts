// Decides whose turn it is. One guest runs on the thread at a time; each stretch, from start or resumption to
// the next suspension or the end, is a slice. The kill word holds the number of the slice, so a slice must
// begin exactly when its guest does: V8 resumes a guest in a microtask after its promise resolves, and no
// other guest may resume in between.
import { ownCpuClockMs } from "../ticker/cpu-clock.ts";
import type { ControlBlock, KillReason } from "../ticker/control-block.ts";

/**
 * After this long without a pause, queued guests wait until the event loop has turned once: sockets and
 * timers come first.
 */
const BREATHE_AFTER_MS = 5;

/**
 * A slice shorter than this is charged with the time that passed; a longer one with the thread's CPU time, so
 * that the guest does not pay for another process that holds the processor. The clock is read at most this
 * often, because reading it costs 0.4 µs.
 */
const CLOCK_EVERY_MS = 1;

/** A run that wants a slice. */
export interface TurnTaker {
  /** CPU time that the next slice may use, and the run's deadline on `performance.now()`. */
  readonly cpuLeftMs: number;
  readonly wallDeadlineMs: number;
  /** Number of its program. */
  readonly program: number;
  /** The slice is open: run. */
  takeTurn(): void;
}

/** What a slice took. */
export interface SliceEnd {
  readonly cpuMs: number;
  readonly killed: KillReason | null;
}

/** The two clocks of a thread: wall time and CPU time. */
export interface ThreadClocks {
  readonly nowMs: () => number;
  readonly cpuMs: () => number;
}

const OWN_CLOCKS: ThreadClocks = { nowMs: () => performance.now(), cpuMs: ownCpuClockMs };

/** The run queue of one thread. */
export class Turns {
  readonly #block: ControlBlock;
  readonly #clocks: ThreadClocks;
  #queue: TurnTaker[] = [];
  #head = 0;
  #slice = 0;
  #beganMs = 0;
  /** Last reading of the thread's CPU clock, and when it was taken. */
  #cpuClockMs = 0;
  #cpuReadMs = Number.NEGATIVE_INFINITY;
  #pumping = false;
  #breathedMs = 0;

  constructor(block: ControlBlock, clocks = OWN_CLOCKS) {
    this.#block = block;
    this.#clocks = clocks;
  }

  /**
   * A turn for a new run: now if the thread is free and the queue empty, otherwise after the runs ahead of
   * it.
   */
  begin(taker: TurnTaker): void {
    if (this.#idle) this.#give(taker);
    else this.#enqueue(taker);
  }

  /**
   * A turn for a run that resumes. Its hostcall may have answered in a microtask, and so may the next one:
   * without occasional pauses such a guest would block the event loop.
   */
  resume(taker: TurnTaker): void {
    if (this.#idle && this.#clocks.nowMs() - this.#breathedMs < BREATHE_AFTER_MS) this.#give(taker);
    else this.#enqueue(taker);
  }

  get #idle(): boolean {
    return this.#slice === 0 && this.#head === this.#queue.length && !this.#pumping;
  }

  #enqueue(taker: TurnTaker): void {
    this.#queue.push(taker);
    if (this.#slice === 0) this.#schedule();
  }

  /**
   * Ends the current slice. The next one begins in a later microtask: the guest's frames are still on the
   * stack.
   */
  end(): SliceEnd {
    const nowMs = this.#clocks.nowMs();
    const wallMs = nowMs - this.#beganMs;
    const cpuMs = wallMs < CLOCK_EVERY_MS ? wallMs : Math.min(wallMs, this.#readCpuClock(nowMs));
    const killed = this.#block.close();
    this.#slice = 0;
    if (this.#head < this.#queue.length) this.#schedule();
    return { cpuMs, killed };
  }

  /** Why the ticker killed the current slice; null if it has not. */
  get killed(): KillReason | null {
    return this.#block.killed;
  }

  #give(taker: TurnTaker): void {
    const beganMs = this.#clocks.nowMs();
    this.#beganMs = beganMs;
    if (beganMs - this.#cpuReadMs > CLOCK_EVERY_MS) this.#readCpuClock(beganMs);
    const { cpuLeftMs: cpuBudgetMs, wallDeadlineMs, program } = taker;
    this.#slice = this.#block.open({
      beganMs,
      cpuClockMs: this.#cpuClockMs,
      cpuBudgetMs,
      wallDeadlineMs,
      program,
    });
    taker.takeTurn();
  }

  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const nowMs = this.#clocks.nowMs();
    if (nowMs - this.#breathedMs < BREATHE_AFTER_MS) queueMicrotask(this.#pump);
    else setImmediate(this.#breathe);
  }

  readonly #breathe = (): void => {
    this.#breathedMs = this.#clocks.nowMs();
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

  /** Drops the runs that had their turn; copying occasionally is cheaper than shifting each time. */
  #compact(): void {
    const done =
      this.#head === this.#queue.length || (this.#head > 1024 && this.#head * 2 > this.#queue.length);
    if (!done) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  /** Reads the CPU clock; returns how far it has moved since the last reading. */
  #readCpuClock(nowMs: number): number {
    const before = this.#cpuClockMs;
    this.#cpuClockMs = this.#clocks.cpuMs();
    this.#cpuReadMs = nowMs;
    return this.#cpuClockMs - before;
  }
}
