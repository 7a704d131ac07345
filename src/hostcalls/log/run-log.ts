// The log lines of one run: one event per line, no control characters, no more than the run's share of bytes.
import type { GuestLog } from "../types.ts";

/** A line without end is cut into events of this size. */
const MAX_LINE_BYTES = 8 * 1024;
const NEWLINE = 10;
/** What a line costs besides its text, so that empty lines are not free. */
const LINE_END_BYTES = 1;

type Source = Parameters<GuestLog>[0];

export class RunLog {
  readonly #sink: { readonly log: GuestLog };
  readonly #allowedBytes: number;
  /** Output without a line end so far; made with the first output. */
  #partial: Map<"stdout" | "stderr", Buffer> | null = null;
  #usedBytes = 0;
  #cut = false;

  constructor(sink: { readonly log: GuestLog }, allowedBytes: number) {
    this.#sink = sink;
    this.#allowedBytes = allowedBytes;
  }

  /** One line of the program. */
  debug(text: string): void {
    this.#event("debug", text);
  }

  /**
   * What the platform has to tell the program's author. Costs like the program's own lines: it is the program
   * that causes them.
   */
  platform(text: string): void {
    this.#event("platform", text);
  }

  /** Output of a stream; each whole line becomes an event. */
  write(source: "stdout" | "stderr", bytes: Uint8Array): void {
    if (this.#cut) return;
    const partial = (this.#partial ??= new Map());
    let rest = Buffer.concat([
      partial.get(source) ?? Buffer.alloc(0),
      bytes.subarray(0, this.#allowedBytes + 1),
    ]);
    for (let end = lineEnd(rest); end !== null && !this.#cut; end = lineEnd(rest)) {
      this.#event(source, rest.toString("utf8", 0, end.length));
      rest = rest.subarray(end.next);
    }
    partial.set(source, rest);
  }

  /** The lines that have no end yet; called when the run is over. */
  flush(): void {
    if (this.#partial === null) return;
    for (const [source, rest] of this.#partial)
      if (rest.length > 0) this.#event(source, rest.toString("utf8"));
    this.#partial.clear();
  }

  /** The part of the text that still fits, then one note, then nothing. */
  #event(source: Source, text: string): void {
    if (this.#cut) return;
    const bytes = Buffer.from(oneLine(text));
    const room = this.#allowedBytes - this.#usedBytes;
    this.#usedBytes += bytes.length + LINE_END_BYTES;
    if (bytes.length <= room) return this.#sink.log(source, bytes.toString());
    this.#cut = true;
    if (room > 0) this.#sink.log(source, new TextDecoder().decode(bytes.subarray(0, room), { stream: true }));
    this.#sink.log("platform", `Log of this request cut here: the limit is ${this.#allowedBytes} bytes`);
  }
}

/** Length of the first line and where the next begins; null if it has no end yet. */
function lineEnd(bytes: Buffer): { readonly length: number; readonly next: number } | null {
  const newline = bytes.indexOf(NEWLINE);
  if (newline >= 0 && newline <= MAX_LINE_BYTES) return { length: newline, next: newline + 1 };
  return bytes.length > MAX_LINE_BYTES ? { length: MAX_LINE_BYTES, next: MAX_LINE_BYTES } : null;
}

/**
 * Text without its last line end and with control characters spelled out, so that it can neither forge lines
 * nor steer a terminal.
 */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/\r?\n?$/, "").replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/g, spelled);
}

function spelled(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, "0")}`;
}
