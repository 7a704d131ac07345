// Enforces that one supervisor runs per data directory; edges and commands may open it too.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { TerrariumError } from "../../errors/index.ts";
import { claimDataDirectory } from "./data-format.ts";
import { DataDirectory } from "./data-directory.ts";
import { isBusy, toStoreError } from "./faults.ts";

export interface SupervisorLock {
  release(): void;
}

/**
 * Takes the lock, or throws TER_STORE_LOCKED. It is an operating system file lock on an empty SQLite file: it
 * ends with the process, however that ends, so no lock is ever stale and no process id is ever trusted.
 */
export function acquireSupervisorLock(dataDir: string): SupervisorLock {
  const path = new DataDirectory(dataDir).supervisorLock;
  claimDataDirectory(new DataDirectory(dataDir));
  // Only SQLite may open this file: closing it any other way would free the lock (POSIX).
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    writeFileSync(holderPath(path), String(process.pid));
  } catch (error) {
    database.close();
    throw isBusy(error)
      ? new TerrariumError("TER_STORE_LOCKED", { pid: holder(path), dataDir })
      : toStoreError(error);
  }
  return { release: () => release(path, database) };
}

function release(path: string, database: DatabaseSync): void {
  if (!database.isOpen) return;
  rmSync(holderPath(path), { force: true });
  database.close();
}

/** Names the holder, for people only. */
function holderPath(path: string): string {
  return `${path}.pid`;
}

function holder(path: string): string {
  try {
    return readFileSync(holderPath(path), "utf8");
  } catch {
    return "unknown";
  }
}
