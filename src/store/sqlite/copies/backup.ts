// Owns `terrarium backup`: a consistent copy of a data directory, also while a server runs on it. The records
// are copied first, at one moment; every store is copied at a later one, and blobs never change.
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { TerrariumError } from "../../../errors/index.ts";
import { digestOf } from "../../digest.ts";
import { syncFolder } from "../../durable-files.ts";
import type { ArtifactManifest, Digest } from "../../types.ts";
import { digestsOf } from "../artifacts.ts";
import { DataDirectory } from "../data-directory.ts";
import { isFileMissing } from "../faults.ts";
import { ArchiveWriter } from "./archive.ts";

/** All pages in one step: a copy in several begins anew whenever another process writes in between. */
const ALL_PAGES = 2 ** 30;
/** What is kept beside the database, the stores and `tls/`. */
const SMALL_FILES = ["operator-token", "clock.json", "TERRARIUM-DATA"];

/** What a backup holds. */
export interface BackupReport {
  readonly deployments: number;
  readonly files: number;
}

/** Called as deployments are done. */
export type OnProgress = (done: number, total: number) => void;

/** Writes a backup. The file appears when it is whole. Throws TER_BACKUP_NOTHING if there is no data. */
export async function backUpDataDirectory(
  dataDir: string,
  file: string,
  onProgress: OnProgress,
): Promise<BackupReport> {
  const directory = new DataDirectory(dataDir);
  if (!existsSync(directory.records)) throw new TerrariumError("TER_BACKUP_NOTHING", { dataDir });
  const target = resolve(file);
  const work = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const draft = join(work, "backup.tar");
    const report = await new Backup(directory, work, draft).write(onProgress);
    renameSync(draft, target);
    syncFolder(dirname(target));
    return report;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Backup {
  readonly #directory: DataDirectory;
  readonly #work: string;
  readonly #archive: ArchiveWriter;
  readonly #blobs = new Set<Digest>();

  constructor(directory: DataDirectory, work: string, draft: string) {
    this.#directory = directory;
    this.#work = work;
    this.#archive = new ArchiveWriter(draft);
  }

  async write(onProgress: OnProgress): Promise<BackupReport> {
    const path = join(this.#work, "terrarium.db");
    await copyDatabase(this.#directory.records, path);
    const records = new DatabaseSync(path);
    const ids = records
      .prepare("SELECT id FROM deployments ORDER BY id")
      .all()
      .map((row) => String(row["id"]));
    let gone = 0;
    for (const [done, id] of ids.entries()) {
      onProgress(done, ids.length);
      const trouble = await this.#addDeployment(records, id);
      if (trouble === null) continue;
      if (this.#isStillThere(id)) throw new TerrariumError("TER_STORE_DAMAGED", { reason: trouble });
      forget(records, id);
      gone += 1;
    }
    records.close();
    onProgress(ids.length, ids.length);
    this.#archive.addFile("terrarium.db", path);
    this.#addSmallFiles();
    const files = this.#archive.count;
    this.#archive.finish();
    return { deployments: ids.length - gone, files };
  }

  /** Adds what belongs to a deployment. Says what is missing: it may have been removed meanwhile. */
  async #addDeployment(records: DatabaseSync, id: string): Promise<string | null> {
    const { keyValue, logs } = this.#directory;
    const hasStore = await this.#addDatabase(join(keyValue, `${id}.db`), `kv/${id}.db`);
    const isBegun = records.prepare("SELECT 1 FROM stores WHERE id = ?").get(id) !== undefined;
    if (isBegun && !hasStore) return `the store of ${id} has no file`;
    await this.#addDatabase(join(logs, `${id}.db`), `logs/${id}.db`);
    const row = records.prepare("SELECT manifest FROM manifests WHERE id = ?").get(id);
    if (row === undefined) return null;
    for (const digest of digestsOf(JSON.parse(String(row["manifest"])) as ArtifactManifest))
      if (!this.#addBlob(digest)) return `blob ${digest} is missing or has other bytes`;
    return null;
  }

  async #addDatabase(source: string, name: string): Promise<boolean> {
    const copy = join(this.#work, "copy.db");
    try {
      if (!existsSync(source)) return false;
      await copyDatabase(source, copy);
      this.#archive.addFile(name, copy);
      return true;
    } catch (error) {
      if (isFileMissing(error)) return false;
      throw error;
    } finally {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(copy + suffix, { force: true });
    }
  }

  #addBlob(digest: Digest): boolean {
    if (this.#blobs.has(digest)) return true;
    try {
      const bytes = readFileSync(this.#directory.blob(digest));
      if (digestOf(bytes) !== digest) return false;
      this.#archive.addBytes(`blobs/${digest.slice(0, 2)}/${digest.slice(2)}`, bytes);
      this.#blobs.add(digest);
      return true;
    } catch (error) {
      if (isFileMissing(error)) return false;
      throw error;
    }
  }

  #addSmallFiles(): void {
    const { root } = this.#directory;
    const tls = existsSync(join(root, "tls")) ? readdirSync(join(root, "tls")) : [];
    for (const name of [...SMALL_FILES, ...tls.map((file) => `tls/${file}`)])
      if (existsSync(join(root, name))) this.#archive.addFile(name, join(root, name));
  }

  #isStillThere(id: string): boolean {
    const records = new DatabaseSync(this.#directory.records, { readOnly: true });
    try {
      return records.prepare("SELECT 1 FROM deployments WHERE id = ?").get(id) !== undefined;
    } finally {
      records.close();
    }
  }
}

async function copyDatabase(source: string, target: string): Promise<void> {
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    await backup(database, target, { rate: ALL_PAGES });
  } finally {
    database.close();
  }
}

function forget(records: DatabaseSync, id: string): void {
  for (const table of ["deployments", "manifests", "blob_uses", "stores"])
    records.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id);
}
