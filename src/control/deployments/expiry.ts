// Removes expired deployments: a timer for the next expiry, and a check once a minute in case the clock was
// set or another process wrote a record.
import type { DeploymentId, Store } from "../../store/types.ts";

const LONGEST_WAIT_MS = 60_000;
/** After a failed sweep. */
const RETRY_MS = 500;

export interface ExpiryOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly onExpired: (ids: readonly DeploymentId[]) => void;
  readonly onError: (error: unknown) => void;
}

/** The sweeper of one supervisor. */
export class Expiry {
  readonly #options: ExpiryOptions;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #stopped = false;
  /** Reported once, not at each retry. */
  #isFailing = false;

  constructor(options: ExpiryOptions) {
    this.#options = options;
  }

  /** Removes what has expired so far, and sets the timer. */
  async start(): Promise<void> {
    await this.#sweep();
  }

  /** Announces that a record now expires at that time, which may be sooner than the timer. */
  note(expiresAtMs: number | null): void {
    if (expiresAtMs !== null && expiresAtMs < this.#dueMs) this.#arm(expiresAtMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(dueMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#dueMs = dueMs;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, dueMs - this.#options.now()));
    this.#timer = setTimeout(() => void this.#sweep(), waitMs);
  }

  async #sweep(): Promise<void> {
    const { store, now, onExpired, onError } = this.#options;
    this.#dueMs = Number.POSITIVE_INFINITY;
    try {
      const expired = await store.deployments.sweep(now());
      if (expired.length > 0) onExpired(expired);
      const due = (await store.deployments.list()).map(
        (record) => record.expiresAtMs ?? Number.POSITIVE_INFINITY,
      );
      this.#isFailing = false;
      this.#arm(Math.min(this.#dueMs, now() + LONGEST_WAIT_MS, ...due));
    } catch (error) {
      if (!this.#isFailing) onError(error);
      this.#isFailing = true;
      this.#arm(now() + RETRY_MS);
    }
  }
}
