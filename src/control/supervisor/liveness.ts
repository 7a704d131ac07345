// Announces that this supervisor is alive, and finds edges that outlived an earlier one.
import { isProcessAlive } from "../../processes/alive.ts";
import type { Member, Store } from "../../store/types.ts";
import type { Logger } from "./log.ts";

const BEAT_EVERY_MS = 1000;
/** An edge whose last heartbeat is older counts as dead, even if a process has its id. */
const MAX_AGE_MS = 15_000;

/** The heartbeat of one supervisor. */
export class Liveness {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #name = `supervisor-${process.pid}`;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;

  constructor(store: Store, now: () => number, log: Logger) {
    this.#store = store;
    this.#now = now;
    this.#log = log;
  }

  /** Edges of an earlier supervisor that still run on this machine. */
  async livingEdges(): Promise<Member[]> {
    const members = await this.#store.liveness.members(MAX_AGE_MS);
    return members.filter(({ role, pid }) => role === "edge" && isProcessAlive(pid));
  }

  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(
      () =>
        void this.#beat().then(
          () => (this.#isFailing = false),
          (error: unknown) => this.#failed(error),
        ),
      BEAT_EVERY_MS,
    );
  }

  /** Says so once, not every second. */
  #failed(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#log.warn({ err: error }, "Cannot record in the store that this supervisor is alive");
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store.liveness.leave(this.#name);
  }

  async #beat(): Promise<void> {
    await this.#store.liveness.beat({
      name: this.#name,
      pid: process.pid,
      role: "supervisor",
      socket: null,
      atMs: this.#now(),
    });
  }
}
