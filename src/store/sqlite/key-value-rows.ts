// Owns the rows of one key-value file: how a value is split into rows, and the file's usage counters. Every
// function that writes expects to run in its caller's transaction.
import { decimalOf, MAX_DECIMAL_BYTES } from "../decimal-number.ts";
import type { SqliteConnection } from "./connection.ts";
import type { KeyValueUsage } from "../key-value-quota.ts";

/**
 * Changing a row rewrites it, so rows stay below this size (half a page), except that a value written in one
 * piece is one row, which never changes. So appending to 1 MiB costs the same as appending to 1 KiB.
 */
const FULL_ROW_BYTES = 2048;
/**
 * More rows than one value can have: any two neighbors hold more than `FULL_ROW_BYTES`, so 64 MiB are fewer
 * than 66,000 rows.
 */
const ROWS_PER_ENTRY = 2 ** 20;

/** A value is its head, which small values never outgrow, followed by its chunks in order. */
export const KEY_VALUE_SCHEMA = `
  CREATE TABLE entries (
    entry INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, bytes INTEGER NOT NULL, head BLOB NOT NULL,
    chunks INTEGER NOT NULL, last_bytes INTEGER NOT NULL
  );
  CREATE TABLE chunks (position INTEGER PRIMARY KEY, value BLOB NOT NULL);
  CREATE TABLE usage (keys INTEGER NOT NULL, bytes INTEGER NOT NULL, writes INTEGER NOT NULL DEFAULT 0);
  INSERT INTO usage (keys, bytes) VALUES (0, 0);
  PRAGMA user_version = 3;
`;

/** Brings a file of an earlier format to this one. */
export function migrateKeyValues(file: SqliteConnection): void {
  if (file.formatVersion === 3) return;
  file.transaction(() => {
    if (file.formatVersion === 1)
      file.script("ALTER TABLE usage ADD COLUMN writes INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 2");
    if (file.formatVersion === 2)
      file.script("ALTER TABLE chunks RENAME COLUMN place TO position; PRAGMA user_version = 3");
  });
}

/** A key that exists, without its value. */
export interface Entry {
  readonly entry: number;
  /** Size of the value. */
  readonly bytes: number;
  /** Rows after the head. */
  readonly chunks: number;
  /** Size of the last row, whether head or chunk. */
  readonly lastBytes: number;
}

export function entryOf(file: SqliteConnection, key: Uint8Array): Entry | undefined {
  const row = file.one("SELECT entry, bytes, chunks, last_bytes FROM entries WHERE key = ?", key);
  if (row === undefined) return undefined;
  return {
    entry: Number(row["entry"]),
    bytes: Number(row["bytes"]),
    chunks: Number(row["chunks"]),
    lastBytes: Number(row["last_bytes"]),
  };
}

export function createEntry(file: SqliteConnection, key: Uint8Array, value: Uint8Array): void {
  const small = value.length <= FULL_ROW_BYTES;
  const head = small ? value : new Uint8Array();
  const sql =
    "INSERT INTO entries (key, bytes, head, chunks, last_bytes) VALUES (?, ?, ?, 0, ?) RETURNING entry";
  const row = file.one(sql, key, head.length, head, head.length);
  if (!small) addChunk(file, { entry: Number(row?.["entry"]), bytes: 0, chunks: 0, lastBytes: 0 }, value);
}

export function replaceEntry(file: SqliteConnection, entry: Entry, value: Uint8Array): void {
  removeChunks(file, entry);
  const empty = { ...entry, bytes: 0, chunks: 0, lastBytes: 0 };
  if (value.length <= FULL_ROW_BYTES) setHead(file, empty, value);
  else {
    setHead(file, empty, new Uint8Array());
    addChunk(file, empty, value);
  }
}

/** Appends to the last row if that stays small, otherwise to a new one. */
export function extendEntry(file: SqliteConnection, entry: Entry, value: Uint8Array): void {
  const lastBytes = entry.lastBytes + value.length;
  if (lastBytes > FULL_ROW_BYTES) addChunk(file, entry, value);
  else if (entry.chunks === 0) extendHead(file, entry, value);
  else {
    file.run(
      "UPDATE chunks SET value = CAST(value || ? AS BLOB) WHERE position = ?",
      value,
      positionOf(entry, entry.chunks),
    );
    file.run(
      "UPDATE entries SET bytes = ?, last_bytes = ? WHERE entry = ?",
      entry.bytes + value.length,
      lastBytes,
      entry.entry,
    );
  }
}

export function readValue(file: SqliteConnection, key: Uint8Array): Uint8Array | undefined {
  const row = file.one("SELECT head, chunks FROM entries WHERE key = ?", key);
  if (row === undefined) return undefined;
  return row["chunks"] === 0 ? (row["head"] as Uint8Array) : file.snapshot(() => readChunks(file, key));
}

/** Whether that is the value of a key. Reads it only if the sizes are equal. */
export function hasValue(file: SqliteConnection, key: Uint8Array, entry: Entry, value: Uint8Array): boolean {
  if (entry.bytes !== value.length) return false;
  const found = readChunks(file, key);
  return found !== undefined && Buffer.compare(found, value) === 0;
}

/** The number whose text is the value of a key, if it is one. Reads only what may be one. */
export function numberOf(file: SqliteConnection, key: Uint8Array, entry: Entry): bigint | undefined {
  const value = entry.bytes > MAX_DECIMAL_BYTES ? undefined : readChunks(file, key);
  return value && decimalOf(value);
}

/** True if there was one. */
export function removeKey(file: SqliteConnection, key: Uint8Array): boolean {
  const entry = entryOf(file, key);
  if (entry === undefined) return false;
  removeChunks(file, entry);
  file.run("DELETE FROM entries WHERE entry = ?", entry.entry);
  const before = usageOf(file);
  setUsage(file, { keys: before.keys - 1, bytes: before.bytes - key.length - entry.bytes });
  return true;
}

/** Keys in byte order (SQLite compares blobs so), from `after` on, without it. */
export function listKeys(
  file: SqliteConnection,
  prefix: Uint8Array,
  after: Uint8Array | undefined,
  limit: number,
): { key: Uint8Array; sizeBytes: number }[] {
  const end = endOf(prefix);
  const fromAfter = after !== undefined && Buffer.compare(after, prefix) >= 0;
  const conditions = [fromAfter ? "key > ?" : "key >= ?", ...(end === undefined ? [] : ["key < ?"])].join(
    " AND ",
  );
  const values = [fromAfter ? after : prefix, ...(end === undefined ? [] : [end]), limit];
  const rows = file.all(`SELECT key, bytes FROM entries WHERE ${conditions} ORDER BY key LIMIT ?`, ...values);
  return rows.map((row) => ({ key: row["key"] as Uint8Array, sizeBytes: Number(row["bytes"]) }));
}

export function usageOf(file: SqliteConnection): KeyValueUsage {
  const row = file.one("SELECT keys, bytes FROM usage");
  return { keys: Number(row?.["keys"]), bytes: Number(row?.["bytes"]) };
}

/** Writes that the file has taken in since it was made. */
export function writesOf(file: SqliteConnection): number {
  return Number(file.one("SELECT writes FROM usage")?.["writes"]);
}

export function setUsage(file: SqliteConnection, usage: KeyValueUsage): void {
  file.run("UPDATE usage SET keys = ?, bytes = ?, writes = writes + 1", usage.keys, usage.bytes);
}

function setHead(file: SqliteConnection, entry: Entry, value: Uint8Array): void {
  const size = value.length;
  file.run(
    "UPDATE entries SET bytes = ?, head = ?, chunks = 0, last_bytes = ? WHERE entry = ?",
    size,
    value,
    size,
    entry.entry,
  );
}

function extendHead(file: SqliteConnection, entry: Entry, value: Uint8Array): void {
  const bytes = entry.bytes + value.length;
  // `||` produces text with the same bytes; the cast makes it a blob again.
  file.run(
    "UPDATE entries SET bytes = ?, last_bytes = ?, head = CAST(head || ? AS BLOB) WHERE entry = ?",
    bytes,
    bytes,
    value,
    entry.entry,
  );
}

function addChunk(file: SqliteConnection, entry: Entry, value: Uint8Array): void {
  const chunks = entry.chunks + 1;
  file.run("INSERT INTO chunks (position, value) VALUES (?, ?)", positionOf(entry, chunks), value);
  const sql = "UPDATE entries SET bytes = ?, chunks = ?, last_bytes = ? WHERE entry = ?";
  file.run(sql, entry.bytes + value.length, chunks, value.length, entry.entry);
}

function removeChunks(file: SqliteConnection, entry: Entry): void {
  if (entry.chunks > 0)
    file.run(
      "DELETE FROM chunks WHERE position BETWEEN ? AND ?",
      positionOf(entry, 1),
      positionOf(entry, entry.chunks),
    );
}

/** Head and chunks must be read from one state of the file. */
function readChunks(file: SqliteConnection, key: Uint8Array): Uint8Array | undefined {
  const entry = entryOf(file, key);
  const head = file.one("SELECT head FROM entries WHERE key = ?", key)?.["head"] as Uint8Array | undefined;
  if (entry === undefined || head === undefined) return undefined;
  const sql = "SELECT value FROM chunks WHERE position BETWEEN ? AND ? ORDER BY position";
  const value = new Uint8Array(entry.bytes);
  value.set(head);
  let at = head.length;
  for (const row of file.all(sql, positionOf(entry, 1), positionOf(entry, entry.chunks))) {
    const chunk = row["value"] as Uint8Array;
    value.set(chunk, at);
    at += chunk.length;
  }
  return value;
}

function positionOf(entry: Entry, chunk: number): number {
  return entry.entry * ROWS_PER_ENTRY + chunk;
}

/** The smallest key after all keys that begin with `prefix`; undefined if there is none. */
function endOf(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}
