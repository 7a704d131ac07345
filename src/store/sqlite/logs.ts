// Owns deployments' logs: one bounded SQLite file each. Offsets are dense, so a gap shows how many events
// were dropped.
import { TerrariumError } from "../../errors/index.ts";
import { cutEventText, EVENT_BYTES } from "../log-size.ts";
import type { Awaitable, DeploymentId, LogEvent, LogStore, StoredLogEvent } from "../types.ts";
import type { SqliteConnection, Row } from "./connection.ts";
import type { Lanes } from "./lanes.ts";
import type { TenantFiles } from "./tenant-files.ts";

/** Oldest events examined in one step of dropping. */
const DROP_STEP = 64;

export const LOGS_SCHEMA = `
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, source TEXT NOT NULL, request TEXT,
    text TEXT NOT NULL, bytes INTEGER NOT NULL
  );
  CREATE TABLE tally (last_sequence INTEGER NOT NULL, bytes INTEGER NOT NULL);
  INSERT INTO tally VALUES (0, 0);
  PRAGMA user_version = 2;
`;

/** Brings a file of an earlier format to this one. */
export function migrateLogs(file: SqliteConnection): void {
  if (file.formatVersion === 2) return;
  file.transaction(() => {
    if (file.formatVersion !== 1) return;
    file.script("ALTER TABLE events RENAME COLUMN place TO sequence");
    file.script("ALTER TABLE tally RENAME COLUMN last_place TO last_sequence; PRAGMA user_version = 2");
  });
}

export class SqliteLogStore implements LogStore {
  readonly #files: TenantFiles;
  readonly #lanes: Lanes;
  readonly #maxBytes: number;
  readonly #isAlive: (id: DeploymentId) => boolean;

  /** `maxBytes` limits the log of one deployment. */
  constructor(files: TenantFiles, lanes: Lanes, maxBytes: number, isAlive: (id: DeploymentId) => boolean) {
    this.#files = files;
    this.#lanes = lanes;
    this.#maxBytes = maxBytes;
    this.#isAlive = isAlive;
  }

  append(id: DeploymentId, events: readonly LogEvent[]): Awaitable<void> {
    if (events.length === 0) return;
    return this.#lanes.run(`logs/${id}`, [], () => {
      // Not an error: a deployment may be removed before its last events arrive.
      if (!this.#isAlive(id)) return;
      const file = ifThere(() => this.#files.use(id));
      file?.transaction(() => this.#write(file, events), events.length * EVENT_BYTES);
    });
  }

  read(
    id: DeploymentId,
    options: { readonly after?: number; readonly sinceMs?: number; readonly limit: number },
  ): Awaitable<StoredLogEvent[]> {
    return this.#lanes.run(`logs/${id}`, [], () => {
      if (!this.#isAlive(id)) return [];
      const sql = "SELECT * FROM events WHERE sequence > ? AND at_ms >= ? ORDER BY sequence LIMIT ?";
      const file = ifThere(() => this.#files.peek(id));
      return (
        file
          ?.all(sql, options.after ?? 0, options.sinceMs ?? -Number.MAX_SAFE_INTEGER, options.limit)
          .map(eventOf) ?? []
      );
    });
  }

  #write(file: SqliteConnection, events: readonly LogEvent[]): void {
    const tally = file.one("SELECT last_sequence, bytes FROM tally");
    let offset = Number(tally?.["last_sequence"]);
    let bytes = Number(tally?.["bytes"]);
    for (const event of events) {
      const text = cutEventText(event.text, this.#maxBytes - sizeOf(event, ""));
      const size = sizeOf(event, text);
      const sql =
        "INSERT INTO events (sequence, at_ms, source, request, text, bytes) VALUES (?, ?, ?, ?, ?, ?)";
      file.run(sql, ++offset, event.atMs, event.source, event.request, text, size);
      bytes += size;
    }
    file.run("UPDATE tally SET last_sequence = ?, bytes = ?", offset, this.#dropOldest(file, bytes));
  }

  /** Drops events until the rest fits; returns the size of the rest. */
  #dropOldest(file: SqliteConnection, bytes: number): number {
    let left = bytes;
    while (left > this.#maxBytes) {
      let lastDropped = 0;
      for (const row of file.all("SELECT sequence, bytes FROM events ORDER BY sequence LIMIT ?", DROP_STEP)) {
        if (left <= this.#maxBytes) break;
        left -= Number(row["bytes"]);
        lastDropped = Number(row["sequence"]);
      }
      if (file.run("DELETE FROM events WHERE sequence <= ?", lastDropped) === 0) break;
    }
    return left;
  }
}

function eventOf(row: Row): StoredLogEvent {
  return {
    offset: Number(row["sequence"]),
    atMs: Number(row["at_ms"]),
    source: row["source"] as LogEvent["source"],
    request: row["request"] as string | null,
    text: String(row["text"]),
  };
}

function sizeOf(event: LogEvent, text: string): number {
  return EVENT_BYTES + Buffer.byteLength(event.request ?? "") + Buffer.byteLength(text);
}

function ifThere<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    if (error instanceof TerrariumError && error.code === "TER_NOT_FOUND") return undefined;
    throw error;
  }
}
