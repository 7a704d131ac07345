// Owns the note how far the log of `terrarium.db` has been synced: what it covers can be lost by damage
// alone, never by a crash or a cut of power.
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { syncPath } from "../durable-files.ts";
import type { DataDirectory } from "./data-directory.ts";
import { readLogExtent, type LogExtent } from "./write-ahead-log.ts";

/** Notes come this long after what they cover: reading the log takes milliseconds. */
const SOON_MS = 500;

export class SyncedMark {
  readonly #directory: DataDirectory;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: DataDirectory) {
    this.#directory = directory;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => void this.write().catch(() => undefined), SOON_MS).unref();
  }

  /** Notes what is on disk. The extent is read first, so that the sync covers it. */
  async write(): Promise<void> {
    this.end();
    const { records, syncedMark } = this.#directory;
    const extent = readLogExtent(`${records}-wal`);
    if (extent === null) return;
    await syncPath(`${records}-wal`);
    // Not synced itself: an older note, or none, claims less.
    await writeFile(`${syncedMark}.new`, JSON.stringify(extent), { mode: 0o600 });
    await rename(`${syncedMark}.new`, syncedMark);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Why the log of the records lacks what was synced; null if it does not. */
export function lostLog({ records, syncedMark }: DataDirectory): string | null {
  const synced = readMark(syncedMark);
  const extent = readLogExtent(`${records}-wal`);
  if (synced === null || extent === null || extent.salt !== synced.salt) return null;
  const lost = synced.frames - extent.frames;
  return lost > 0 ? `the log of terrarium.db is damaged: ${lost} of its pages are lost` : null;
}

function readMark(path: string): LogExtent | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LogExtent;
  } catch {
    return null;
  }
}
