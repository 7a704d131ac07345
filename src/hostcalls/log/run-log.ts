// The log lines of one run: one event per line, no control characters, no more than the run's share of bytes
// and lines.
import type { GuestLog } from "../types.ts";
import { LineBuffer } from "./line-buffer.ts";
import { oneLine } from "./one-line.ts";

/** What a line costs besides its text. */
const LINE_END_BYTES = 1;
/**
 * A line takes about this much of the deployment's log besides its text, and the time to store it: empty
 * lines are not free.
 */
const LINE_SHARE_BYTES = 32;
/** Lines that any run may log, however low its limit. */
const MIN_LINES = 16;
/** The longest character of UTF-8. */
const CHARACTER_BYTES = 4;

type Source = Parameters<GuestLog>[0];

/** Called before work is done, in units of `host-work.ts`; may throw to end the run. */
type Charge = (units: number) => void;

const FREE: Charge = () => undefined;

export class RunLog {
  readonly #sink: { readonly log: GuestLog };
  readonly #allowedBytes: number;
  readonly #allowedLines: number;
  /** Output without a line end so far; made with the first output. */
  #partial: Map<"stdout" | "stderr", LineBuffer> | null = null;
  #usedBytes = 0;
  #usedLines = 0;
  #cut = false;

  constructor(sink: { readonly log: GuestLog }, allowedBytes: number) {
    this.#sink = sink;
    this.#allowedBytes = allowedBytes;
    this.#allowedLines = MIN_LINES + Math.floor(allowedBytes / LINE_SHARE_BYTES);
  }

  /** One line of the program. What no longer fits is not read. */
  debug(message: Uint8Array, charge: Charge): void {
    this.#event("debug", message, charge);
  }

  /**
   * A message from the platform for the program's author. It costs as much as the program's own lines,
   * because the program causes it.
   */
  platform(text: string): void {
    this.#event("platform", Buffer.from(text), FREE);
  }

  /** Output of a stream; each whole line becomes an event. */
  write(source: "stdout" | "stderr", bytes: Uint8Array, charge: Charge): void {
    if (this.#cut) return;
    const partial = (this.#partial ??= new Map());
    const line = partial.get(source) ?? new LineBuffer();
    partial.set(source, line);
    for (let rest = bytes; rest.length > 0 && !this.#cut;) {
      const taken = line.take(rest);
      charge(taken);
      rest = rest.subarray(taken);
      if (line.isWhole) this.#event(source, line.flush(), charge);
    }
  }

  /** The lines that have no end yet; called when the run is over. */
  flush(): void {
    if (this.#partial === null) return;
    for (const [source, line] of this.#partial) if (!line.isEmpty) this.#event(source, line.flush(), FREE);
    this.#partial.clear();
  }

  /** The part of the text that still fits, then one note, then nothing. */
  #event(source: Source, message: Uint8Array, charge: Charge): void {
    if (this.#cut) return;
    const room = this.#allowedBytes - this.#usedBytes;
    this.#usedLines += 1;
    // Spelled out a text is never shorter than its bytes.
    const bytes = Buffer.from(oneLine(message.subarray(0, Math.max(0, room) + CHARACTER_BYTES), charge));
    this.#usedBytes += bytes.length + LINE_END_BYTES;
    if (bytes.length <= room && this.#usedLines <= this.#allowedLines)
      return this.#sink.log(source, bytes.toString());
    this.#cut = true;
    if (room > 0 && bytes.length > room)
      this.#sink.log(source, new TextDecoder().decode(bytes.subarray(0, room), { stream: true }));
    this.#sink.log("platform", this.#cutNote(bytes.length > room));
  }

  #cutNote(byBytes: boolean): string {
    const limit = byBytes ? `${this.#allowedBytes} bytes` : `${this.#allowedLines} lines`;
    return `Log of this request cut here: the limit is ${limit}`;
  }
}
