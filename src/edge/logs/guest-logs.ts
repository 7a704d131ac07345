// Log lines of guests, gathered per deployment and written to the store in batches.
import type { DeploymentId, LogEvent, LogStore } from "../../store/types.ts";

/** Lines wait no longer than this. */
const FLUSH_MS = 100;
/** Text that waits at most; beyond it the batch is written at once. */
const MAX_WAITING_CHARACTERS = 256 * 1024;

export class GuestLogs {
  readonly #store: LogStore;
  readonly #waiting = new Map<DeploymentId, LogEvent[]>();
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: LogStore) {
    this.#store = store;
  }

  add(id: DeploymentId, event: LogEvent): void {
    const events = this.#waiting.get(id);
    if (events === undefined) this.#waiting.set(id, [event]);
    else events.push(event);
    this.#characters += event.text.length;
    if (this.#characters > MAX_WAITING_CHARACTERS) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Resolves when everything added so far is in the store, or the store refused it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batches = [...this.#waiting];
    this.#waiting.clear();
    this.#characters = 0;
    if (batches.length > 0) this.#writing = this.#writing.then(() => this.#write(batches));
    return this.#writing;
  }

  /** Logs are worth nothing to a deployment that is gone, and no request fails for them. */
  async #write(batches: readonly (readonly [DeploymentId, LogEvent[]])[]): Promise<void> {
    for (const [id, events] of batches) {
      try {
        await this.#store.append(id, events);
      } catch {
        continue;
      }
    }
  }
}
