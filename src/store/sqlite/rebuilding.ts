// Owns the way out of a data directory that a server refuses: what can be read goes into new records, what
// cannot be used is kept in lost+found/.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { syncFolder } from "../durable-files.ts";
import { DataDirectory } from "./data-directory.ts";
import { makeDatabaseFile } from "./database-file.ts";
import { damagedStores, recordsTrouble, strangeStores, type DamagedStore } from "./examination.ts";
import { LostAndFound } from "./lost-found.ts";
import { RECORDS_SCHEMA } from "./records.ts";
import { acquireSupervisorLock } from "./supervisor-lock.ts";

const SUFFIXES = ["", "-wal", "-shm"];

/** Rebuilds what can be rebuilt and says what was done. Throws TER_STORE_LOCKED while a server runs. */
export function rebuildDataDirectory(dataDir: string, nowMs: number): string[] {
  const lock = acquireSupervisorLock(dataDir);
  try {
    const directory = new DataDirectory(dataDir);
    directory.make();
    const found = new LostAndFound(directory.lostAndFound, nowMs);
    return [...rebuildRecords(directory, found), ...settleStores(directory, found)];
  } finally {
    lock.release();
  }
}

function rebuildRecords(directory: DataDirectory, found: LostAndFound): string[] {
  if (recordsTrouble(directory) === null) return [];
  const draft = join(directory.unfinished, "rebuilt.db");
  for (const suffix of SUFFIXES) rmSync(draft + suffix, { force: true });
  makeDatabaseFile(draft, directory.unfinished, RECORDS_SCHEMA);
  const saved = existsSync(directory.records) ? salvage(directory.records, draft) : 0;
  for (const suffix of SUFFIXES)
    if (existsSync(directory.records + suffix))
      found.take(directory.records + suffix, "records", basename(directory.records) + suffix);
  rmSync(directory.syncedMark, { force: true });
  renameSync(draft, directory.records);
  syncFolder(directory.root);
  return [`Wrote new records with ${saved} deployments; the old ones are in ${directory.lostAndFound}`];
}

/** Copies every row that can be read; returns how many deployments. */
function salvage(from: string, to: string): number {
  let source: DatabaseSync | undefined;
  const target = new DatabaseSync(to);
  target.exec("PRAGMA synchronous = FULL");
  try {
    source = new DatabaseSync(from);
    const tables = target.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'",
    );
    for (const { name } of tables.all()) copyTable(source, target, String(name));
  } catch {
    // Not a database at all: nothing can be read.
  } finally {
    source?.close();
  }
  const saved = Number(target.prepare("SELECT count(*) AS found FROM deployments").get()?.["found"]);
  target.close();
  return saved;
}

function copyTable(source: DatabaseSync, target: DatabaseSync, table: string): void {
  try {
    for (const row of source.prepare(`SELECT * FROM ${table}`).iterate()) {
      const columns = Object.keys(row);
      const marks = columns.map(() => "?").join(", ");
      const sql = `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (${marks})`;
      target.prepare(sql).run(...(Object.values(row) as SQLInputValue[]));
    }
  } catch {
    // What follows in this table cannot be read.
  }
}

function settleStores(directory: DataDirectory, found: LostAndFound): string[] {
  const records = new DatabaseSync(directory.records);
  try {
    const strange = strangeStores(directory, records);
    for (const id of strange) keep(directory, found, id);
    const moved = strange.map((id) => `Moved the store of ${id}, which has no record, to lost+found/`);
    return [
      ...moved,
      ...damagedStores(directory, records).map((store) => settle(directory, records, found, store)),
    ];
  } finally {
    records.close();
  }
}

function settle(
  directory: DataDirectory,
  records: DatabaseSync,
  found: LostAndFound,
  { id, reason, missingWrites }: DamagedStore,
): string {
  if (reason === "behind") {
    records.prepare("UPDATE stores SET writes = writes - ? WHERE id = ?").run(missingWrites, id);
    return `The store of ${id} goes on without its last ${missingWrites} writes`;
  }
  keep(directory, found, id);
  records.prepare("DELETE FROM stores WHERE id = ?").run(id);
  return `The store of ${id} begins anew; what was left of it is in lost+found/`;
}

function keep({ keyValue, lostAndFound }: DataDirectory, found: LostAndFound, id: string): void {
  mkdirSync(lostAndFound, { recursive: true, mode: 0o700 });
  for (const suffix of SUFFIXES) {
    const name = `${id}.db${suffix}`;
    if (existsSync(join(keyValue, name))) found.take(join(keyValue, name), "kv", name);
  }
}
