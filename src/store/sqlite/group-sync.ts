// Group commit: writes to one file that come while its log is being synced share the next sync.
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { syncPath } from "../durable-files.ts";
import type { SqliteConnection } from "./connection.ts";

export class GroupSync {
  /** By path of a log: the sync that has not begun yet, which covers all that is written by now. */
  readonly #next = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  /** Logs whose name is on disk as well, by inode. */
  readonly #named = new Map<string, number>();

  /** Resolves once all that the connection has committed is on disk. */
  sync({ path }: SqliteConnection): Promise<void> {
    const log = `${path}-wal`;
    const next = this.#next.get(log) ?? this.#after(log, this.#running.get(log) ?? Promise.resolve());
    this.#next.set(log, next);
    return next;
  }

  async #after(log: string, before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    const sync = this.#sync(log);
    this.#next.delete(log);
    this.#running.set(log, sync);
    try {
      await sync;
    } finally {
      if (this.#running.get(log) === sync) this.#running.delete(log);
    }
  }

  /** A log that is gone was copied into its file and synced there. */
  async #sync(log: string): Promise<void> {
    const file = await open(log, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (file === null) return;
    try {
      await file.sync();
      const { ino } = await file.stat();
      if (this.#named.get(log) === ino) return;
      await syncPath(dirname(log));
      this.#named.set(log, ino);
    } finally {
      await file.close();
    }
  }
}
