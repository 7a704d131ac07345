// Owns artifacts: manifests in `terrarium.db`, blobs as files by their SHA-256.
//
// A blob must exist as long as a manifest names it, and be deleted when none does, while several processes
// put and remove. Order of a put: record the uses (transaction), write the files, store the manifest
// (transaction). A removal deletes uses and puts their digests on the garbage list. The collector deletes a
// file only if no use is recorded, under the write lock. So the files stay once their uses are recorded. A
// put that fails passes its digests to the collector, since its deployment, along with the uses, may have
// been removed while it wrote. After a put that was killed, its uses go with the deployment, or the
// supervisor finds the files when it starts.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TerrariumError } from "../../errors/index.ts";
import { digestOf } from "../digest.ts";
import type { ArtifactManifest, ArtifactStore, Awaitable, DeploymentId, Digest } from "../types.ts";
import { syncPath } from "../durable-files.ts";
import type { SqliteConnection } from "./connection.ts";
import type { DataDirectory } from "./data-directory.ts";
import { isFileMissing, toStoreError } from "./faults.ts";
import type { Lanes } from "./lanes.ts";
import { RECORDS_LANE, requireAlive } from "./records.ts";

/** Files written at once. */
const PARALLEL_WRITES = 4;
/** Digests remembered as verified; beyond this many, all are forgotten. */
const MAX_CHECKED = 10_000;

export interface ArtifactsOptions {
  readonly directory: DataDirectory;
  readonly records: SqliteConnection;
  readonly lanes: Lanes;
  readonly now: () => number;
  /** Deletes those blobs that no manifest names. */
  readonly discard: (digests: Iterable<Digest>) => Promise<void>;
}

export class SqliteArtifactStore implements ArtifactStore {
  readonly #directory: DataDirectory;
  readonly #records: SqliteConnection;
  readonly #lanes: Lanes;
  readonly #now: () => number;
  readonly #discard: (digests: Iterable<Digest>) => Promise<void>;
  /** Blobs whose bytes this process has compared with their digest. */
  readonly #checked = new Set<Digest>();

  constructor(options: ArtifactsOptions) {
    this.#directory = options.directory;
    this.#records = options.records;
    this.#lanes = options.lanes;
    this.#now = options.now;
    this.#discard = options.discard;
  }

  async put(id: DeploymentId, manifest: ArtifactManifest, blobs: readonly Uint8Array[]): Promise<void> {
    const named = digestsOf(manifest);
    const given = new Map(blobs.map((blob) => [digestOf(blob), blob]));
    await this.#transaction(() => {
      requireAlive(this.#records, id, this.#now());
      for (const digest of named)
        this.#records.run("INSERT OR IGNORE INTO blob_uses (digest, id) VALUES (?, ?)", digest, id);
    });
    try {
      await inParallel([...named], (digest) => this.#settleBlob(digest, given.get(digest)));
      await this.#transaction(() => {
        requireAlive(this.#records, id, this.#now());
        this.#records.run(
          "INSERT OR REPLACE INTO manifests (id, manifest) VALUES (?, ?)",
          id,
          JSON.stringify(manifest),
        );
      });
    } catch (error) {
      await this.#discard(named);
      throw error;
    }
  }

  get(id: DeploymentId): Awaitable<ArtifactManifest | undefined> {
    const sql = `SELECT manifest FROM manifests JOIN deployments USING (id)
      WHERE id = ? AND (expires_at_ms IS NULL OR expires_at_ms > ?)`;
    return this.#lanes.run(`${RECORDS_LANE}#read`, [], () => {
      const row = this.#records.one(sql, id, this.#now());
      return row && (JSON.parse(String(row["manifest"])) as ArtifactManifest);
    });
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(this.#directory.blob(digest));
    if (bytes === undefined || this.#checked.has(digest)) return bytes;
    // What a disk gives back is not always what it got.
    if (digestOf(bytes) !== digest)
      throw new TerrariumError("TER_STORE_DAMAGED", { reason: `blob ${digest} has other bytes` });
    if (this.#checked.size >= MAX_CHECKED) this.#checked.clear();
    this.#checked.add(digest);
    return bytes;
  }

  /** Ensures that the blob is on disk, complete. */
  async #settleBlob(digest: Digest, bytes: Uint8Array | undefined): Promise<void> {
    const path = this.#directory.blob(digest);
    const present = await readIfThere(path);
    const whole = present !== undefined && digestOf(present) === digest;
    if (whole) return await syncName(path);
    if (bytes === undefined)
      throw new TerrariumError("TER_INTERNAL", {
        reason: `a manifest names the blob ${digest}, which was not given`,
      });
    await this.#writeBlob(path, bytes);
  }

  async #writeBlob(path: string, bytes: Uint8Array): Promise<void> {
    const unfinished = join(this.#directory.unfinished, randomUUID());
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(unfinished, bytes, { mode: 0o600, flag: "wx", flush: true });
      await rename(unfinished, path);
      await syncName(path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw toStoreError(error);
    }
  }

  async #transaction<T>(body: () => T): Promise<T> {
    return this.#lanes.run(RECORDS_LANE, [], () => this.#records.transaction(body));
  }
}

/** The blobs that a manifest names. */
export function digestsOf(manifest: ArtifactManifest): Set<Digest> {
  const assets = Object.values(manifest.assets).map((asset) => asset.digest);
  return new Set([manifest.module, manifest.codeMap, manifest.original, ...assets]);
}

/** Also for a blob that is there: whoever wrote it may have failed to sync its name. */
async function syncName(path: string): Promise<void> {
  try {
    await syncPath(dirname(path));
    await syncPath(dirname(dirname(path)));
  } catch (error) {
    throw toStoreError(error);
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isFileMissing(error)) return undefined;
    throw toStoreError(error);
  }
}

/** Acts on all, a few at a time; throws the first error once everything that started has ended. */
async function inParallel<T>(items: T[], act: (item: T) => Promise<void>): Promise<void> {
  const next = async (): Promise<void> => {
    for (let item = items.pop(); item !== undefined; item = items.pop()) await act(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL_WRITES }, next));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
