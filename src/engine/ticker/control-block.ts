// The few bytes shared by the guest's thread and the ticker thread. The first four are the kill word that
// guests read. Guests cannot reach the rest, since only code inserted by the rewriter can address this
// memory.

/** Byte layout: 32-bit words by index, then doubles by index of eight bytes. */
const WORD = { kill: 0, asleep: 1, stop: 2, reason: 3, program: 4 } as const;
const DOUBLE = { beganMs: 4, cpuClockMs: 5, cpuBudgetMs: 6, wallDeadlineMs: 7 } as const;

/** Why a slice was killed. */
export type KillReason = "cpu" | "wall";

const REASON_CODES = { cpu: 1, wall: 2 } as const satisfies Record<KillReason, number>;

/** Slice numbers run from 1 to this and start over; the sign bit is the kill. */
const LAST_SLICE = 0x7fff_ffff;

/** The sign bit: a guest that reads a negative kill word traps. */
const KILLED = -0x8000_0000;

/** A slice, as the guest's thread opens it. Times are on that thread's `performance.now()`. */
export interface SliceStart {
  readonly beganMs: number;
  /** The thread's CPU clock at the start or shortly before. */
  readonly cpuClockMs: number;
  readonly cpuBudgetMs: number;
  readonly wallDeadlineMs: number;
  /** Whose slice it is: a number of `ProgramNames`. */
  readonly program: number;
}

/** A slice as the ticker reads it. */
export interface SliceView extends SliceStart {
  readonly slice: number;
}

/** Both threads' view of the shared bytes. */
export class ControlBlock {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #doubles: Float64Array<SharedArrayBuffer>;
  #lastSlice = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, 64);
    this.#doubles = new Float64Array(buffer, 0, 32);
  }

  /** Guest thread: opens a slice and arms the kill word with its number. */
  open({ beganMs, cpuClockMs, cpuBudgetMs, wallDeadlineMs, program }: SliceStart): number {
    const slice = this.#lastSlice === LAST_SLICE ? 1 : this.#lastSlice + 1;
    this.#lastSlice = slice;
    this.#doubles[DOUBLE.beganMs] = beganMs;
    this.#doubles[DOUBLE.cpuClockMs] = cpuClockMs;
    this.#doubles[DOUBLE.cpuBudgetMs] = cpuBudgetMs;
    this.#doubles[DOUBLE.wallDeadlineMs] = wallDeadlineMs;
    this.#words[WORD.program] = program;
    Atomics.store(this.#words, WORD.kill, slice);
    if (this.#words[WORD.asleep] === 1) this.wake();
    return slice;
  }

  /** Guest thread: ends the slice; returns why the ticker killed it, if it did. */
  close(): KillReason | null {
    const { killed } = this;
    // A kill between these two lines is lost: its guest has stopped by itself.
    Atomics.store(this.#words, WORD.kill, 0);
    return killed;
  }

  /** Guest thread: why the current slice was killed; null if it was not. */
  get killed(): KillReason | null {
    if (Atomics.load(this.#words, WORD.kill) >= 0) return null;
    return this.#words[WORD.reason] === REASON_CODES.wall ? "wall" : "cpu";
  }

  /** Guest thread: wakes a sleeping ticker. */
  wake(): void {
    Atomics.store(this.#words, WORD.asleep, 0);
    Atomics.notify(this.#words, WORD.asleep);
  }

  /** Guest thread: tells the ticker to end. */
  stop(): void {
    Atomics.store(this.#words, WORD.stop, 1);
    Atomics.notify(this.#words, WORD.stop);
    this.wake();
  }

  /** Guest thread: allows a new ticker after `stop`. */
  restart(): void {
    Atomics.store(this.#words, WORD.stop, 0);
  }

  /** Ticker: the current slice; null if there is none or it changed while being read. */
  read(): SliceView | null {
    const slice = Atomics.load(this.#words, WORD.kill);
    if (slice <= 0) return null;
    const view = {
      slice,
      beganMs: this.#double("beganMs"),
      cpuClockMs: this.#double("cpuClockMs"),
      cpuBudgetMs: this.#double("cpuBudgetMs"),
      wallDeadlineMs: this.#double("wallDeadlineMs"),
      program: this.#words[WORD.program] ?? 0,
    };
    return Atomics.load(this.#words, WORD.kill) === slice ? view : null;
  }

  /** Ticker: number of the current slice; not positive if there is none or it is already dead. */
  get current(): number {
    return Atomics.load(this.#words, WORD.kill);
  }

  /** Ticker: sets the sign bit of exactly this slice; a later one is never hit. */
  kill(slice: number, reason: KillReason): boolean {
    this.#words[WORD.reason] = REASON_CODES[reason];
    return Atomics.compareExchange(this.#words, WORD.kill, slice, slice | KILLED) === slice;
  }

  /** Ticker: whether this slice was killed and has not ended. */
  outlives(slice: number): boolean {
    return Atomics.load(this.#words, WORD.kill) === (slice | KILLED);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, WORD.stop) === 1;
  }

  /** Ticker: waits this long, or until the block is stopped. */
  pause(timeoutMs: number): void {
    Atomics.wait(this.#words, WORD.stop, 0, timeoutMs);
  }

  /**
   * Ticker: sleeps until the next slice opens. Reads the word again after the flag, so that no wake-up is
   * lost.
   */
  sleep(): void {
    Atomics.store(this.#words, WORD.asleep, 1);
    if (Atomics.load(this.#words, WORD.kill) > 0 || this.stopped) Atomics.store(this.#words, WORD.asleep, 0);
    else Atomics.wait(this.#words, WORD.asleep, 1);
  }

  #double(name: keyof typeof DOUBLE): number {
    return this.#doubles[DOUBLE[name]] ?? 0;
  }
}
