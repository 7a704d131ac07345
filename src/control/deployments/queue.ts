// The queue in front of the compilers: bounded, first come first served, one turn per source where quotas say so.
import { TerrariumError } from "../../errors/index.ts";

/** A job that waits for its turn. */
interface Waiting {
  readonly source: string;
  readonly run: () => Promise<void>;
  readonly onPlace: (place: number) => void;
}

/** Runs at most `width` jobs at once and at most `perSource` of one source; holds at most `capacity` more. */
export class BuildQueue {
  readonly #width: number;
  readonly #capacity: number;
  readonly #perSource: number;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, number>();
  #active = 0;

  constructor(options: {
    readonly width: number;
    readonly capacity: number;
    readonly perSource: number | null;
  }) {
    this.#width = options.width;
    this.#capacity = options.capacity;
    this.#perSource = options.perSource ?? Number.POSITIVE_INFINITY;
  }

  /** Resolves with the job's result. `onPlace` is told the place (1 is next) whenever it changes. Throws TER_TOO_MANY when full. */
  run<T>(source: string, job: () => Promise<T>, onPlace: (place: number) => void): Promise<T> {
    if (this.#waiting.length >= this.#capacity)
      throw new TerrariumError("TER_TOO_MANY", { what: "deploys in the queue", allowed: this.#capacity });
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ source, run: () => job().then(resolve, reject), onPlace });
      this.#advance();
      this.#tellPlaces();
    });
  }

  get length(): number {
    return this.#waiting.length;
  }

  #advance(): void {
    while (this.#active < this.#width) {
      const index = this.#waiting.findIndex(
        ({ source }) => (this.#running.get(source) ?? 0) < this.#perSource,
      );
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (next === undefined) return;
      this.#start(next);
    }
  }

  #start({ source, run }: Waiting): void {
    this.#active += 1;
    this.#running.set(source, (this.#running.get(source) ?? 0) + 1);
    void run().finally(() => {
      this.#active -= 1;
      const left = (this.#running.get(source) ?? 1) - 1;
      if (left === 0) this.#running.delete(source);
      else this.#running.set(source, left);
      this.#advance();
      this.#tellPlaces();
    });
  }

  #tellPlaces(): void {
    for (const [index, { onPlace }] of this.#waiting.entries()) onPlace(index + 1);
  }
}
