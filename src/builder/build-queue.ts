// One job at a time; the others wait in line, and each hears its queue position whenever it changes.
import { TerrariumError } from "../errors/index.ts";

interface Waiting {
  readonly start: () => void;
  readonly onQueuePosition: (queuePosition: number) => void;
}

/** The queue in front of one compiler. */
export class BuildQueue {
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs the job once the ones before it are done. `onQueuePosition` hears 1 for the next in line; a job that
   * starts at once hears nothing. Throws TER_TOO_MANY when the queue is full; rejects with the signal's
   * reason if it aborts first.
   */
  async run<T>(
    job: () => Promise<T>,
    signal: AbortSignal,
    onQueuePosition: (queuePosition: number) => void,
  ): Promise<T> {
    signal.throwIfAborted();
    if (this.#isBusy) await this.#waitInLine(signal, onQueuePosition);
    this.#isBusy = true;
    try {
      return await job();
    } finally {
      this.#startNext();
    }
  }

  #waitInLine(signal: AbortSignal, onQueuePosition: (queuePosition: number) => void): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting)
      throw new TerrariumError("TER_TOO_MANY", { what: "builds in the queue", allowed: this.#maxWaiting });
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#tellQueuePositions();
        reject(signal.reason);
      };
      const start = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const waiting = { start, onQueuePosition };
      this.#waiting.push(waiting);
      signal.addEventListener("abort", leave, { once: true });
      onQueuePosition(this.#waiting.length);
    });
  }

  #startNext(): void {
    const next = this.#waiting.shift();
    // Stays busy if another job waits, so that no new one can run before it.
    this.#isBusy = next !== undefined;
    next?.start();
    this.#tellQueuePositions();
  }

  #tellQueuePositions(): void {
    for (const [index, { onQueuePosition }] of this.#waiting.entries()) onQueuePosition(index + 1);
  }
}
