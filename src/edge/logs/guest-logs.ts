// Log lines of guests, collected per deployment and written to the store in batches. Writing happens on the
// serving thread, so it proceeds in short steps, and a deployment that logs faster than its lines can be
// stored loses the later ones.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DeploymentId, LogEvent, LogStore } from "../../store/types.ts";

/** Lines wait no longer than this. */
const FLUSH_MS = 100;
/** Text that may wait; beyond this the batch is written at once. */
const MAX_WAITING_CHARACTERS = 256 * 1024;
/** Lines of one deployment that may wait: two requests' worth at the limit. */
const MAX_WAITING_LINES = 4096;
/** Lines written in one step: about a millisecond. */
const STEP_LINES = 128;

/** Waiting lines of one deployment. */
interface Waiting {
  readonly events: LogEvent[];
  /** Lines dropped because too many were waiting. */
  dropped: number;
}

export class GuestLogs {
  readonly #store: LogStore;
  #waiting = new Map<DeploymentId, Waiting>();
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** A batch is being written; the next one collects meanwhile. */
  #busy = false;

  constructor(store: LogStore) {
    this.#store = store;
  }

  add(id: DeploymentId, event: LogEvent): void {
    const waiting = this.#waiting.get(id) ?? { events: [], dropped: 0 };
    this.#waiting.set(id, waiting);
    if (waiting.events.length >= MAX_WAITING_LINES) waiting.dropped += 1;
    else {
      waiting.events.push(event);
      this.#characters += event.text.length;
    }
    if (this.#characters > MAX_WAITING_CHARACTERS && !this.#busy) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Resolves when everything added so far is in the store, or the store refused it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** A deployment that is gone needs no logs, and no request fails because of them. */
  async #writeAll(): Promise<void> {
    const batches = this.#waiting;
    this.#waiting = new Map();
    this.#characters = 0;
    this.#busy = true;
    for (const [id, waiting] of batches) await this.#write(id, waiting).catch(() => undefined);
    this.#busy = false;
  }

  async #write(id: DeploymentId, { events, dropped }: Waiting): Promise<void> {
    const last = events.at(-1);
    if (dropped > 0 && last !== undefined) events.push(dropNote(dropped, last.atMs));
    for (let at = 0; at < events.length; at += STEP_LINES) {
      await this.#store.append(id, events.slice(at, at + STEP_LINES));
      if (events.length > STEP_LINES) await nextTurn();
    }
  }
}

function dropNote(dropped: number, atMs: number): LogEvent {
  const text = `${dropped} log lines dropped: the limit is ${MAX_WAITING_LINES} lines that wait to be stored`;
  return { atMs, source: "platform", request: null, text };
}
