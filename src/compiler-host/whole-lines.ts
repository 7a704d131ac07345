// Text that comes in pieces of any size, and goes on by lines.

export class WholeLines {
  readonly #take: (lines: string) => void;
  #rest = "";

  /** `take` hears one or more whole lines at a time, each with its end. */
  constructor(take: (lines: string) => void) {
    this.#take = take;
  }

  write(text: string): void {
    const whole = this.#rest + text;
    const end = whole.lastIndexOf("\n") + 1;
    this.#rest = whole.slice(end);
    if (end > 0) this.#take(whole.slice(0, end));
  }

  /** Passes on the last line, which had no end yet. */
  end(): void {
    if (this.#rest !== "") this.#take(`${this.#rest}\n`);
    this.#rest = "";
  }
}
