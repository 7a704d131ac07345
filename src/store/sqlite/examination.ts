// Owns what `terrarium doctor` says of a data directory, without changing it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestOf } from "../digest.ts";
import type { ArtifactManifest, Digest } from "../types.ts";
import { digestsOf } from "./artifacts.ts";
import { DataDirectory } from "./data-directory.ts";
import { lostLog } from "./synced-mark.ts";

/** One thing found. `failure`: something is lost or the server would refuse to start. */
export interface DataFinding {
  readonly name: string;
  readonly state: "ok" | "warning" | "failure";
  readonly text: string;
}

/** A store whose file does not hold what its record says. */
export interface DamagedStore {
  readonly id: string;
  readonly reason: "missing" | "corrupt" | "behind";
  readonly missingWrites: number;
}

/** Looks at everything. A server may run meanwhile. */
export function examineDataDirectory(dataDir: string): DataFinding[] {
  const directory = new DataDirectory(dataDir);
  if (!existsSync(directory.mark) && !existsSync(directory.records)) return [];
  const trouble = recordsTrouble(directory);
  if (trouble !== null) return [failure("records", trouble), ...examineLostAndFound(directory)];
  const records = new DatabaseSync(directory.records, { readOnly: true });
  try {
    return [
      fine("records", `${count(records, "deployments")} deployments`),
      examineStores(directory, records),
      examineBlobs(directory, records),
      ...examineLostAndFound(directory),
    ];
  } finally {
    records.close();
  }
}

/** Why the records cannot be used; null if they can. */
export function recordsTrouble(directory: DataDirectory): string | null {
  if (!existsSync(directory.records))
    return directory.hasData ? "terrarium.db is missing, but there is data of deployments" : null;
  return lostLog(directory) ?? corruption(directory.records);
}

/** Stores that are not as their record says. */
export function damagedStores(directory: DataDirectory, records: DatabaseSync): DamagedStore[] {
  const sql = "SELECT stores.id, writes FROM stores JOIN deployments ON deployments.id = stores.id";
  return records
    .prepare(sql)
    .all()
    .flatMap((row) => damageOf(directory, String(row["id"]), Number(row["writes"])) ?? []);
}

/** Ids of store files of which the records know nothing. */
export function strangeStores(directory: DataDirectory, records: DatabaseSync): string[] {
  const known = records.prepare("SELECT 1 FROM used_ids WHERE id = ?");
  const ids = readdirSync(directory.keyValue)
    .filter((name) => name.endsWith(".db"))
    .map((name) => name.slice(0, -3));
  return ids.filter((id) => known.get(id) === undefined);
}

function damageOf(directory: DataDirectory, id: string, noted: number): DamagedStore | null {
  const path = join(directory.keyValue, `${id}.db`);
  if (!existsSync(path)) return { id, reason: "missing", missingWrites: noted };
  if (corruption(path) !== null) return { id, reason: "corrupt", missingWrites: noted };
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    const writes = Number(file.prepare("SELECT writes FROM usage").get()?.["writes"]);
    return writes < noted ? { id, reason: "behind", missingWrites: noted - writes } : null;
  } catch {
    return { id, reason: "corrupt", missingWrites: noted };
  } finally {
    file.close();
  }
}

function examineStores(directory: DataDirectory, records: DatabaseSync): DataFinding {
  const damaged = damagedStores(directory, records);
  const strange = strangeStores(directory, records);
  const texts = [
    ...damaged.map(({ id, reason, missingWrites }) => `${id} is ${reason} (${missingWrites} writes)`),
    ...strange.map((id) => `${id} has no record`),
  ];
  return texts.length === 0
    ? fine("stores", `${count(records, "stores")} stores hold what their records say`)
    : failure("stores", texts.join("; "));
}

function examineBlobs(directory: DataDirectory, records: DatabaseSync): DataFinding {
  const rows = records.prepare("SELECT manifest FROM manifests").all();
  const manifests = rows.map((row) => JSON.parse(String(row["manifest"])) as ArtifactManifest);
  const digests = new Set(manifests.flatMap((manifest) => [...digestsOf(manifest)]));
  const bad = [...digests].filter((digest) => !isWhole(directory, digest));
  return bad.length === 0
    ? fine("blobs", `${digests.size} blobs have their digests`)
    : failure("blobs", `${bad.length} of ${digests.size} are missing or damaged, such as ${bad[0]}`);
}

function isWhole(directory: DataDirectory, digest: Digest): boolean {
  try {
    return digestOf(readFileSync(directory.blob(digest))) === digest;
  } catch {
    return false;
  }
}

function examineLostAndFound({ lostAndFound }: DataDirectory): DataFinding[] {
  if (!existsSync(lostAndFound) || readdirSync(lostAndFound).length === 0) return [];
  const text = `${lostAndFound} holds files that no record knows`;
  return [{ name: "lost and found", state: "warning", text }];
}

/** What SQLite finds wrong with a file; null if nothing. */
function corruption(path: string): string | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const found = String(database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
    return found === "ok" ? null : found;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
}

function count(records: DatabaseSync, table: "deployments" | "stores"): number {
  return Number(records.prepare(`SELECT count(*) AS found FROM ${table}`).get()?.["found"]);
}

function fine(name: string, text: string): DataFinding {
  return { name, state: "ok", text };
}

function failure(name: string, text: string): DataFinding {
  return { name, state: "failure", text };
}
