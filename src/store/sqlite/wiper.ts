// Completes removals: deletes the deployment's files and unused blobs from disk, even if the process that
// removed the record was killed right after.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DeploymentId, Digest } from "../types.ts";
import type { SqliteConnection } from "./connection.ts";
import { DRAFT_SUFFIX } from "./database-file.ts";
import type { DataDirectory } from "./data-directory.ts";
import type { Lanes } from "./lanes.ts";
import { isAppStore, RECORDS_LANE } from "./records.ts";
import type { LostAndFound } from "./lost-found.ts";
import type { TenantFiles } from "./tenant-files.ts";

/** Blobs deleted in one transaction, which holds the lock for about a millisecond. */
const GARBAGE_BATCH = 32;
/** How long an announcement is kept: processes check ten times a second. */
const KEEP_REMOVALS_MS = 60 * 60 * 1000;
/** Nobody takes this long to write one file. */
const UNFINISHED_MAX_AGE_MS = 60 * 60 * 1000;

export interface WiperOptions {
  readonly directory: DataDirectory;
  readonly records: SqliteConnection;
  readonly lanes: Lanes;
  /** Every kind of per-deployment file. */
  readonly tenantFiles: readonly TenantFiles[];
}

export class Wiper {
  readonly #options: WiperOptions;
  readonly #records: SqliteConnection;

  constructor(options: WiperOptions) {
    this.#options = options;
    this.#records = options.records;
  }

  /**
   * Part of a transaction: deletes the record, announces that, and records what has to be deleted from disk.
   */
  removeRecord(id: DeploymentId, nowMs: number): void {
    this.#records.run("DELETE FROM deployments WHERE id = ?", id);
    this.#records.run("DELETE FROM manifests WHERE id = ?", id);
    this.#records.run("INSERT OR IGNORE INTO garbage (digest) SELECT digest FROM blob_uses WHERE id = ?", id);
    this.#records.run("DELETE FROM blob_uses WHERE id = ?", id);
    this.#records.run("DELETE FROM stores WHERE id = ?", id);
    this.#records.run("INSERT INTO removals (id, at_ms, wiped) VALUES (?, ?, 0)", id, nowMs);
  }

  /** Deletes the files of a deployment whose record is gone. */
  async wipe(id: DeploymentId): Promise<void> {
    for (const files of this.#options.tenantFiles) files.remove(id);
    await this.#transaction(() =>
      this.#records.run("UPDATE removals SET wiped = 1 WHERE id = ? AND wiped = 0", id),
    );
  }

  /**
   * Deletes unused blobs. It looks for a use and deletes the file under the write lock, and whoever wants to
   * use a blob records that first, under the same lock. So no blob that someone relies on is deleted.
   */
  async collectGarbage(): Promise<void> {
    while ((await this.#transaction(() => this.#collectBatch())) === GARBAGE_BATCH) await nextTurn();
  }

  /** Finishes what killed processes left undone, and forgets old announcements. */
  async tidy(nowMs: number): Promise<void> {
    const rows = this.#records.all("SELECT id FROM removals WHERE wiped = 0");
    for (const row of rows) await this.wipe(row["id"] as DeploymentId);
    await this.collectGarbage();
    const old = this.#records.one(
      "SELECT 1 FROM removals WHERE wiped = 1 AND at_ms < ? LIMIT 1",
      nowMs - KEEP_REMOVALS_MS,
    );
    if (old === undefined) return;
    await this.#transaction(() =>
      this.#records.run("DELETE FROM removals WHERE wiped = 1 AND at_ms < ?", nowMs - KEEP_REMOVALS_MS),
    );
  }

  /** Deletes those blobs that no manifest names. */
  async discard(digests: Iterable<Digest>): Promise<void> {
    await this.#transaction(() => this.#noteGarbage(digests));
    await this.collectGarbage();
  }

  /** Stores of deployments that the records have never known. */
  strangers(keyValueFiles: TenantFiles): DeploymentId[] {
    return keyValueFiles.ids().filter((id) => !this.#wasUsed(id));
  }

  /**
   * Looks through the folders for what no record knows. Once, when a supervisor starts. What belonged to a
   * deployment that is gone is deleted; what nothing is known of is moved to lost+found/.
   */
  clearAway(found: LostAndFound): void {
    for (const files of this.#options.tenantFiles) {
      for (const id of files.ids()) {
        if (!this.#wasUsed(id)) files.lose(id, found);
        else if (!this.#isRecorded(id)) files.remove(id);
      }
    }
    this.#removeUnfinished();
    for (const digest of this.#options.directory.blobDigests())
      if (!this.#isKnown(digest)) found.take(this.#options.directory.blob(digest), "blobs", digest);
  }

  #removeUnfinished(): void {
    const { unfinished, keyValue, logs } = this.#options.directory;
    const drafts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(DRAFT_SUFFIX));
    const paths = [
      ...readdirSync(unfinished).map((name) => join(unfinished, name)),
      ...[keyValue, logs].flatMap((folder) => drafts(folder).map((name) => join(folder, name))),
    ];
    for (const path of paths) {
      const writtenAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      // The file system's clock, not the injected one.
      if (Date.now() - writtenAtMs > UNFINISHED_MAX_AGE_MS) rmSync(path, { force: true });
    }
  }

  #noteGarbage(digests: Iterable<Digest>): void {
    for (const digest of digests)
      this.#records.run("INSERT OR IGNORE INTO garbage (digest) VALUES (?)", digest);
  }

  /** Whether there ever was a deployment of that id. */
  #wasUsed(id: DeploymentId): boolean {
    return this.#records.one("SELECT 1 FROM used_ids WHERE id = ?", id) !== undefined;
  }

  #isRecorded(id: DeploymentId): boolean {
    const record = this.#records.one("SELECT 1 FROM deployments WHERE id = ?", id);
    return record !== undefined || isAppStore(this.#records, id);
  }

  /** Whether a blob is in use, or to be deleted. */
  #isKnown(digest: Digest): boolean {
    const garbage = this.#records.one("SELECT 1 FROM garbage WHERE digest = ?", digest);
    return garbage !== undefined || this.#isUsed(digest);
  }

  #isUsed(digest: Digest): boolean {
    return this.#records.one("SELECT 1 FROM blob_uses WHERE digest = ? LIMIT 1", digest) !== undefined;
  }

  #collectBatch(): number {
    const digests = this.#records
      .all("SELECT digest FROM garbage LIMIT ?", GARBAGE_BATCH)
      .map((row) => row["digest"] as Digest);
    for (const digest of digests) {
      if (!this.#isUsed(digest)) rmSync(this.#options.directory.blob(digest), { force: true });
      this.#records.run("DELETE FROM garbage WHERE digest = ?", digest);
    }
    return digests.length;
  }

  async #transaction<T>(body: () => T): Promise<T> {
    return this.#options.lanes.run(RECORDS_LANE, [], () => this.#records.transaction(body));
  }
}
