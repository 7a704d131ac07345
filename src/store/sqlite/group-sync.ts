// Group commit: writes to one file that come while its log is being synced share the next sync.
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { syncPath } from "../durable-files.ts";
import type { SqliteConnection } from "./connection.ts";
import { isBusy, isFileMissing, toStoreError } from "./faults.ts";
import { believeLog, distrustLog } from "./log-rewriting.ts";

/** How often, and how soon again, it asks for a lock that somebody else has. */
const LOCK_TRIES = 200;
const LOCK_PAUSE_MS = 5;

export class GroupSync {
  /** By path of a log: the sync that has not begun yet, which covers all that is written by now. */
  readonly #next = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  /** Logs whose name is on disk as well, by inode. */
  readonly #named = new Map<string, number>();
  /** Open as long as their connections: the system tells of a failed write only who has the file open. */
  readonly #files = new WeakMap<SqliteConnection, Promise<FileHandle>>();

  /** Resolves once all that the connection has committed is on disk. Rejects with a TerrariumError. */
  sync(connection: SqliteConnection): Promise<void> {
    const { path } = connection;
    const next =
      this.#next.get(path) ?? this.#after(connection, this.#running.get(path) ?? Promise.resolve());
    this.#next.set(path, next);
    return next;
  }

  async #after(connection: SqliteConnection, before: Promise<void>): Promise<void> {
    const { path } = connection;
    await before.catch(() => undefined);
    const sync = this.#sync(connection);
    this.#next.delete(path);
    this.#running.set(path, sync);
    try {
      await sync;
    } catch (error) {
      distrustLog(path);
      throw toStoreError(error);
    } finally {
      if (this.#running.get(path) === sync) this.#running.delete(path);
    }
  }

  async #sync(connection: SqliteConnection): Promise<void> {
    const log = `${connection.path}-wal`;
    const file = await this.#file(connection, log);
    // Gone: the last to close the database copied the log into it, and synced it there.
    if (file === null) return;
    await believe(connection);
    await file.sync();
    const { ino } = await file.stat();
    if (this.#named.get(log) === ino) return;
    await syncPath(dirname(log));
    this.#named.set(log, ino);
  }

  async #file(connection: SqliteConnection, log: string): Promise<FileHandle | null> {
    const known = this.#files.get(connection);
    if (known !== undefined) return known;
    const opened = open(log, "r");
    this.#files.set(connection, opened);
    // Waits for a sync that is under way.
    connection.onClose(() => void opened.then((file) => file.close()).catch(() => undefined));
    try {
      return await opened;
    } catch (error) {
      this.#files.delete(connection);
      if (isFileMissing(error)) return null;
      throw error;
    }
  }
}

async function believe(connection: SqliteConnection): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return believeLog(connection);
    } catch (error) {
      if (!isBusy(error) || tries === LOCK_TRIES) throw error;
      await pause(LOCK_PAUSE_MS);
    }
  }
}
