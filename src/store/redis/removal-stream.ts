// Announces removals, and reports those of every process: a stream, which a reader that was away reads on
// from where it stopped.
import type { DeploymentId } from "../types.ts";
import type { Connection } from "./connection.ts";
import { GLOBAL } from "./keys.ts";
import { listOf } from "./replies.ts";

/** Removals that the stream keeps: a node that misses more has been away for long. */
const KEPT = 100_000;
/** The server answers after this long if nothing happened. */
const BLOCK_MS = 1000;
const RETRY_MS = 100;
const BATCH = 1000;

type Listener = (id: DeploymentId) => void;

export class RemovalStream {
  readonly #connection: Connection;
  /** Blocks on the stream, so nothing else can use it. */
  readonly #reading: Connection;
  readonly #listeners = new Set<Listener>();
  /** Own announcements that the reader has not reached. */
  readonly #told = new Set<string>();
  #last = "0-0";
  #ended = false;
  #loop: Promise<void> | undefined;

  constructor(connection: Connection, reading: Connection) {
    this.#connection = connection;
    this.#reading = reading;
  }

  /** Reports what is announced from now on. */
  async start(): Promise<void> {
    const [latest] = listOf(
      await this.#connection.call(["XREVRANGE", GLOBAL.removals, "+", "-", "COUNT", 1]),
    );
    this.#last = latest === undefined ? "0-0" : String(listOf(latest)[0]);
    await this.#reading.open();
    this.#loop = this.#read();
  }

  subscribe(listener: Listener): () => void {
    // Wrapped, so that one function can subscribe twice.
    const entry: Listener = (id) => listener(id);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Tells the listeners of this process at once, those of others soon. */
  async announce(id: DeploymentId): Promise<void> {
    const command = ["XADD", GLOBAL.removals, "MAXLEN", "~", KEPT, "*", "id", id];
    const entry = String(await this.#connection.call(command));
    if (!isAfter(entry, this.#last)) return;
    this.#told.add(entry);
    this.#tell(id);
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#reading.close();
    await this.#loop;
  }

  async #read(): Promise<void> {
    while (!this.#ended) {
      try {
        await this.#readOnce();
      } catch {
        // The next attempt reads on from the same entry.
        if (!this.#ended) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #readOnce(): Promise<void> {
    const command = ["XREAD", "COUNT", BATCH, "BLOCK", BLOCK_MS, "STREAMS", GLOBAL.removals, this.#last];
    const [stream] = listOf(await this.#reading.call(command, BLOCK_MS));
    for (const found of listOf(listOf(stream)[1])) {
      const [entry, fields] = listOf(found);
      this.#last = String(entry);
      if (!this.#told.delete(this.#last)) this.#tell(String(listOf(fields)[1]) as DeploymentId);
    }
  }

  #tell(id: DeploymentId): void {
    for (const listener of this.#listeners) listener(id);
  }
}

/** Whether the entry of a stream, `milliseconds-number`, comes after another. */
function isAfter(entry: string, other: string): boolean {
  const [a, b] = [entry, other].map((each) => each.split("-").map(Number));
  const [ms = 0, number = 0] = a ?? [];
  const [otherMs = 0, otherNumber = 0] = b ?? [];
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}
