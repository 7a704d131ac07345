// Room on the disk for what makes room: starts, deletions and expiry write too. Two files hold it while there
// is enough. One is given up to a start, the other to a removal that finds the disk full.
import { randomBytes } from "node:crypto";
import { rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { DataDirectory, type ReserveFiles } from "./data-directory.ts";
import { isDiskFull } from "./faults.ts";

/** Enough for thousands of removals between two checkpoints. */
const RESERVE_BYTES = 1024 * 1024;
/** There is no reserve on a disk with less room: others need it. */
const ROOMY_BYTES = 8 * RESERVE_BYTES;
const REFILL_EVERY_MS = 5000;

/** Of one data directory, held by its supervisor. */
export class Reserve {
  readonly #files: ReserveFiles;
  readonly #timer: NodeJS.Timeout;

  constructor(files: ReserveFiles) {
    this.#files = files;
    this.#timer = setInterval(() => this.fill(), REFILL_EVERY_MS).unref();
  }

  /** Does something that makes room; again, if the disk was full. */
  async lend<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDiskFull(error) || !give(this.#files.forRemovals)) throw error;
      return await work();
    }
  }

  /** Takes room if there is plenty. */
  fill(): void {
    for (const path of [this.#files.forStarts, this.#files.forRemovals]) {
      if (bytesOf(path) === RESERVE_BYTES || freeBytes(this.#files.folder) < ROOMY_BYTES) continue;
      try {
        // Random, as some file systems do not store zeros.
        writeFileSync(path, randomBytes(RESERVE_BYTES), { mode: 0o600, flush: true });
      } catch {
        give(path);
      }
    }
  }

  end(): void {
    clearInterval(this.#timer);
    this.fill();
  }
}

/** Gives the room that is kept for starts, if there is too little. Before anything is written. */
export function makeRoomForStart(dataDir: string): void {
  const { forStarts, folder } = new DataDirectory(dataDir).reserve;
  if (freeBytes(folder) < RESERVE_BYTES) give(forStarts);
}

/** Of the disk, for this user; 0 if it does not say. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** True if there was something to give. */
function give(path: string): boolean {
  const had = bytesOf(path) > 0;
  rmSync(path, { force: true });
  return had;
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
