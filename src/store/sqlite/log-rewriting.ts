// Which write-ahead logs this process may not believe to be on disk, and how they are believed again. A sync
// that fails is reported once, to whoever has the file open: the system then takes what it could not write
// for written, and the next sync succeeds without it. So after such a failure the log is written once more,
// whole, and so is a log that this process meets for the first time: the failure may have been told to an
// earlier process that is gone. (https://www.usenix.org/conference/atc20/presentation/rebello)
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { TerrariumError } from "../../errors/index.ts";
import { readLog } from "./write-ahead-log.ts";

/** Where the wal-index keeps the number of frames that are committed, and the log's salt. */
const INDEX_FRAMES = 16;
const INDEX_SALT = 32;
const INDEX_HEADER_BYTES = 48;

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

/** Writes the log's own bytes over themselves, and syncs. */
function rewrite(path: string): void {
  const committed = committedFrames(`${path}-shm`);
  if (committed === null || committed.frames === 0) return;
  const log = readLog(`${path}-wal`);
  if (log === null || log.salt !== committed.salt || log.frames < committed.frames)
    throw new TerrariumError("TER_STORE_DAMAGED", {
      reason: `the log of ${path} is not on disk, and no longer in memory`,
    });
  const file = openSync(`${path}-wal`, "r+");
  try {
    for (let at = 0; at < log.bytes.length;) at += writeSync(file, log.bytes, at, undefined, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Null if there is no index: nothing has been written. */
function committedFrames(path: string): { readonly frames: number; readonly salt: string } | null {
  const index = readFileSync(path);
  if (index.length < INDEX_HEADER_BYTES) return null;
  const view = new DataView(index.buffer, index.byteOffset);
  // In the byte order of the machine, which is little-endian wherever Node runs on Linux and macOS.
  return {
    frames: view.getUint32(INDEX_FRAMES, true),
    salt: index.toString("hex", INDEX_SALT, INDEX_SALT + 8),
  };
}
