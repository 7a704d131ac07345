// A number of slots that nobody can take alone: one source may hold as many as are free. So the first source
// can have half of them, two greedy ones a third each, and whoever comes next always finds some.
export class Shares {
  readonly #slots: number;
  readonly #bySource = new Map<string, number>();
  #taken = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  get free(): number {
    return this.#slots - this.#taken;
  }

  /** How many slots a source holds. */
  heldBy(source: string): number {
    return this.#bySource.get(source) ?? 0;
  }

  /** Takes a slot for a source, or for nobody in particular. Whether there is one is the caller's to know. */
  take(source: string | null): void {
    this.#taken++;
    if (source !== null) this.#bySource.set(source, this.heldBy(source) + 1);
  }

  giveBack(source: string | null): void {
    this.#taken--;
    if (source === null) return;
    const left = this.heldBy(source) - 1;
    if (left > 0) this.#bySource.set(source, left);
    else this.#bySource.delete(source);
  }
}
