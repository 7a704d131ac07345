// The subrequests of one run: how many it may make, and which wait for their turn.
import { limitReached, RunEnded } from "../call-errors.ts";
import type { OutboundResponse } from "../types.ts";

/** How a subrequest ended. */
export type Settled = { readonly answer: OutboundResponse } | { readonly failure: unknown };

/** A subrequest under way. */
export interface Pending {
  /** Never rejects. */
  readonly done: Promise<Settled>;
  settled: Settled | null;
}

/** Starts subrequests, up to a total and a number at once; the others queue. */
export class Subrequests {
  readonly #allowed: number;
  readonly #allowedAtOnce: number;
  readonly #queue: ((granted: boolean) => void)[] = [];
  #spent = 0;
  #underWay = 0;

  constructor(allowed: number, allowedAtOnce: number) {
    this.#allowed = allowed;
    this.#allowedAtOnce = allowedAtOnce;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** One more request to an upstream, redirects included. */
  spend(): void {
    if (this.#spent >= this.#allowed)
      throw limitReached("subrequests", this.#spent + 1, this.#allowed, "subrequests");
    this.#spent += 1;
  }

  /** Runs `send` as soon as fewer than the allowed number are in flight. */
  start(send: () => Promise<OutboundResponse>): Pending {
    const done = this.#inTurn(send).then(
      (answer): Settled => ({ answer }),
      (failure: unknown): Settled => ({ failure }),
    );
    const pending: Pending = { done, settled: null };
    void done.then((settled) => {
      pending.settled = settled;
    });
    return pending;
  }

  /** Queued ones never start; the run's signal ends those in flight. */
  dispose(): void {
    if (this.#queue.length > 0) for (const next of this.#queue.splice(0)) next(false);
  }

  async #inTurn(send: () => Promise<OutboundResponse>): Promise<OutboundResponse> {
    if (!(await this.#acquireSlot())) throw new RunEnded();
    try {
      return await send();
    } finally {
      this.#release();
    }
  }

  /** Waits for one of the concurrent slots; false if the run ended first. */
  #acquireSlot(): boolean | Promise<boolean> {
    if (this.#underWay >= this.#allowedAtOnce) return new Promise((resolve) => this.#queue.push(resolve));
    this.#underWay += 1;
    return true;
  }

  /** Passes the slot to the next in the queue, or frees it. */
  #release(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#underWay -= 1;
    else next(true);
  }
}
