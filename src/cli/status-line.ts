// The standard error of a command: whole lines, pieces of a compiler's output, and below them one line that
// says what is being waited for and for how long.

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 120;
/** Shorter waits show nothing. */
const PATIENCE_MS = 500;
const CLEAR_LINE = "\r\u001b[2K";

/** Where the text goes: a stream of Node, or a test's own. */
export interface TextSink {
  write(text: string): unknown;
}

/** Owns the stream: nothing else may write there while a wait is shown. */
export class StatusLine {
  readonly #sink: TextSink;
  readonly #isLive: boolean;
  #atLineStart = true;
  #isDrawn = false;
  #timer: NodeJS.Timeout | undefined;

  /** `isLive`: a person watches a terminal that can redraw a line. */
  constructor(sink: TextSink, isLive: boolean) {
    this.#sink = sink;
    this.#isLive = isLive;
  }

  /** A line of its own. */
  writeLine(text: string): void {
    this.write(`${this.#atLineStart ? "" : "\n"}${text}\n`);
  }

  /** Text as it comes: lines may arrive in pieces. */
  write(text: string): void {
    if (text === "") return;
    this.#erase();
    this.#sink.write(text);
    this.#atLineStart = text.endsWith("\n");
  }

  /** Shows from now on what is being waited for; null: nothing. */
  waitFor(label: string | null): void {
    clearInterval(this.#timer);
    this.#erase();
    if (label === null || !this.#isLive) return;
    const sinceMs = performance.now();
    this.#timer = setInterval(() => this.#draw(label, performance.now() - sinceMs), FRAME_MS).unref();
  }

  #draw(label: string, waitedMs: number): void {
    if (waitedMs < PATIENCE_MS || !this.#atLineStart) return;
    const frame = FRAMES[Math.floor(waitedMs / FRAME_MS) % FRAMES.length] ?? "";
    this.#sink.write(`${CLEAR_LINE}  ${frame} ${label} ${Math.floor(waitedMs / 1000)} s`);
    this.#isDrawn = true;
  }

  #erase(): void {
    if (this.#isDrawn) this.#sink.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}
