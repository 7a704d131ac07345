// Reports removals by this process or another one: checks `terrarium.db` ten times a second.
import type { DeploymentId } from "../types.ts";
import type { SqliteConnection } from "./connection.ts";

/** A removal is known everywhere after this long. A check that finds nothing takes about 5 µs. */
const LOOK_EVERY_MS = 100;

const UNKNOWN = -1;

type Listener = (id: DeploymentId) => void;

/** Reports each removal once, in order. The timer does not keep the process alive. */
export class RemovalWatch {
  readonly #records: SqliteConnection;
  readonly #listeners = new Set<Listener>();
  readonly #timer: NodeJS.Timeout;
  #lastSequence: number;
  /** SQLite's count of commits by other connections. */
  #lastDataVersion = UNKNOWN;

  constructor(records: SqliteConnection) {
    this.#records = records;
    this.#lastSequence = Number(
      records.one("SELECT max(sequence) AS sequence FROM removals")?.["sequence"] ?? 0,
    );
    this.#timer = setInterval(() => this.#lookIfChanged(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  subscribe(listener: Listener): () => void {
    // Wrapped, so that one function can subscribe twice.
    const entry: Listener = (id) => listener(id);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Checks now: after removals by this process, which do not change SQLite's count for it. */
  poll(): void {
    this.#lastDataVersion = UNKNOWN;
    this.#lookIfChanged();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #lookIfChanged(): void {
    try {
      const dataVersion = Number(this.#records.one("PRAGMA data_version")?.["data_version"]);
      if (dataVersion === this.#lastDataVersion) return;
      this.#look();
      this.#lastDataVersion = dataVersion;
    } catch {
      // The next check finds what this one could not read, also after a disk that failed for a while.
    }
  }

  #look(): void {
    const rows = this.#records.all(
      "SELECT sequence, id FROM removals WHERE sequence > ? ORDER BY sequence",
      this.#lastSequence,
    );
    for (const row of rows) {
      this.#lastSequence = Number(row["sequence"]);
      for (const listener of this.#listeners) listener(row["id"] as DeploymentId);
    }
  }
}
