// Owns lost+found/: files of deployments that no record knows. They are kept for their owner, in a folder for
// each start that found some; the oldest of many go. No clock decides: it may have been set.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Folders kept. */
const KEPT_BATCHES = 8;
/** `2026-11-26T061500Z`, so that names sort by time and need no quoting. */
const BATCH_NAME = /^\d{4}-\d\d-\d\dT\d{6}Z$/;

/** One start's finds. */
export class LostAndFound {
  readonly #root: string;
  readonly #batch: string;
  #moved = 0;

  constructor(root: string, nowMs: number) {
    this.#root = root;
    this.#batch = join(root, batchName(nowMs));
  }

  /** Files taken in. */
  get moved(): number {
    return this.#moved;
  }

  /** Takes a file in under the name of its kind. One that is gone already is no find. */
  take(path: string, kind: string, name: string): void {
    const folder = join(this.#batch, kind);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      renameSync(path, join(folder, name));
      this.#moved += 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }

  /** Deletes all folders but the newest few. */
  forgetOld(): void {
    for (const name of this.#batches().sort().slice(0, -KEPT_BATCHES))
      rmSync(join(this.#root, name), { recursive: true, force: true });
  }

  #batches(): string[] {
    try {
      return readdirSync(this.#root).filter((name) => BATCH_NAME.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

function batchName(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/:(\d\d):(\d\d)\.\d+Z$/, "$1$2Z");
}
