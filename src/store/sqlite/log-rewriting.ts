// Which write-ahead logs this process may not believe to be on disk, and how they are believed again. A sync
// that fails is reported once, to whoever has the file open: the system then takes what it could not write
// for written, and the next sync succeeds without it. So after such a failure the log is written once more,
// whole, and so is a log that this process meets for the first time: the failure may have been told to an
// earlier process that is gone. (https://www.usenix.org/conference/atc20/presentation/rebello)
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { readLog } from "./write-ahead-log.ts";

/** An open database. */
interface Database {
  readonly path: string;
  transaction(body: () => void): void;
}

/** Paths of databases whose logs have been believed since this process started, and not failed since. */
const believed = new Set<string>();

/** A sync of this database's log has failed, or may have. */
export function distrustLog(path: string): void {
  believed.delete(path);
}

/**
 * Makes sure that what the next sync of the log reports is true of all of it. Throws if it cannot be, or if
 * another process has the lock.
 */
export function believeLog(database: Database): void {
  if (believed.has(database.path)) return;
  // With the lock nobody adds to the log or starts it anew.
  database.transaction(() => rewrite(database.path));
  believed.add(database.path);
}

/**
 * Writes the log's own bytes over themselves, and syncs. The wal-index would say how many frames there should
 * be, but must not be opened here: closing it again would release the locks that SQLite has on it in this
 * process, and another process could then truncate it under our feet (https://sqlite.org/howtocorrupt.html,
 * section 2.2).
 */
function rewrite(path: string): void {
  const log = readLog(`${path}-wal`);
  if (log === null || log.frames === 0) return;
  const file = openSync(`${path}-wal`, "r+");
  try {
    for (let at = 0; at < log.bytes.length;) at += writeSync(file, log.bytes, at, undefined, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
