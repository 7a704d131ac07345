// The platform's time as the supervisor keeps it: where it starts, how far the machine's clock is from it,
// and a file that lets the next supervisor go on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Clock, clockFrom, monotonicMs } from "../../processes/clock.ts";
import { writeFileDurably } from "../../store/durable-files.ts";
import type { Logger } from "./log.ts";

export const CLOCK_FILE = "clock.json";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const LOOK_EVERY_MS = 1000;
const SAVE_EVERY_MS = 300_000;
/** A smaller difference is jitter; corrections by time servers are slower than that, and both clocks follow. */
const STEP_MS = 1000;

const STORED = z.object({
  /** Names one run of the machine, from start to restart; null if it has no such name. */
  boot: z.string().nullable(),
  baseMs: z.number(),
  /** The machine's clock minus the platform's time. */
  aheadMs: z.number(),
  /** The platform's time when this was written. */
  savedAtMs: z.number(),
});
type Stored = z.infer<typeof STORED>;

/** What a clock reads; tests give their own. */
export interface ClockSources {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly boot: () => string | null;
}

const OWN_SOURCES: ClockSources = { wallMs: Date.now, monotonicMs, boot: bootId };

/** The supervisor's clock. */
export class PlatformClock implements Clock {
  readonly baseMs: number;
  readonly now: () => number;
  readonly preciseNow: () => number;
  readonly #path: string;
  readonly #log: Pick<Logger, "warn">;
  readonly #sources: ClockSources;
  #aheadMs: number;
  #savedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(dataDir: string, log: Pick<Logger, "warn">, sources: ClockSources = OWN_SOURCES) {
    this.#path = join(dataDir, CLOCK_FILE);
    this.#log = log;
    this.#sources = sources;
    const stored = read(this.#path);
    this.#aheadMs = stored?.aheadMs ?? 0;
    this.baseMs = baseOf(stored, sources);
    const clock = sources === OWN_SOURCES ? clockFrom(this.baseMs) : undefined;
    this.preciseNow = clock?.preciseNow ?? (() => this.baseMs + sources.monotonicMs());
    this.now = clock?.now ?? (() => Math.floor(this.preciseNow()));
  }

  /** Watches the machine's clock from now on, and writes the file. */
  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#save();
  }

  /** A moment of the platform's time as the machine's clock shows it now. */
  wallOf(atMs: number): number {
    return atMs + this.#aheadMs;
  }

  /** Notices if somebody has set the machine's clock. */
  look(): void {
    const aheadMs = this.#sources.wallMs() - this.now();
    const stepMs = aheadMs - this.#aheadMs;
    if (Math.abs(stepMs) >= STEP_MS) {
      this.#aheadMs = aheadMs;
      const seconds = (Math.abs(stepMs) / 1000).toFixed(1);
      this.#log.warn(
        { stepMs: Math.round(stepMs) },
        `The machine's clock was set ${stepMs > 0 ? "forward" : "back"} by ${seconds} s. ` +
          "What is due later keeps the time it had left",
      );
      this.#save();
    } else if (this.now() - this.#savedAtMs > SAVE_EVERY_MS) this.#save();
  }

  #save(): void {
    this.#savedAtMs = this.now();
    const stored: Stored = {
      boot: this.#sources.boot(),
      baseMs: this.baseMs,
      aheadMs: this.#aheadMs,
      savedAtMs: this.#savedAtMs,
    };
    try {
      writeFileDurably(this.#path, `${JSON.stringify(stored)}\n`, 0o600);
    } catch (error) {
      this.#log.warn(
        { err: error },
        `Cannot write ${CLOCK_FILE}: a restart of the machine follows its clock`,
      );
    }
  }
}

/**
 * Within one run of the machine the platform's time goes on. After a restart only the machine's clock knows
 * how long it took; the time that was reached before is the least there can be.
 */
function baseOf(stored: Stored | undefined, { wallMs, monotonicMs: passed, boot }: ClockSources): number {
  if (stored === undefined) return wallMs() - passed();
  const thisBoot = boot();
  if (thisBoot !== null && thisBoot === stored.boot) return stored.baseMs;
  return Math.max(wallMs() - stored.aheadMs, stored.savedAtMs) - passed();
}

function read(path: string): Stored | undefined {
  try {
    return STORED.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function bootId(): string | null {
  try {
    return readFileSync(BOOT_ID, "utf8").trim();
  } catch {
    return null;
  }
}
