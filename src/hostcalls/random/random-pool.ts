// Random numbers of one run. Asking the system costs the same for one number as for many, so a few are kept.
// None is used twice, and none outlives its run.

const NUMBERS = 16;

export class RandomPool {
  readonly #fill: (view: Uint8Array) => void;
  #numbers: BigInt64Array | null = null;
  #used = NUMBERS;

  constructor(fill: (view: Uint8Array) => void) {
    this.#fill = fill;
  }

  /** 64 random bits, as the signed number that Wasm takes. */
  next(): bigint {
    this.#numbers ??= new BigInt64Array(NUMBERS);
    if (this.#used === NUMBERS) {
      this.#fill(new Uint8Array(this.#numbers.buffer));
      this.#used = 0;
    }
    const number = this.#numbers[this.#used] ?? 0n;
    this.#numbers[this.#used] = 0n;
    this.#used += 1;
    return number;
  }
}
