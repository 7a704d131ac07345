// Owns `terrarium.db`: its schema, its format version, and the records of live processes.
import { existsSync, readdirSync } from "node:fs";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../types.ts";
import { SqliteConnection } from "./connection.ts";
import type { DataDirectory } from "./data-directory.ts";
import { makeDatabaseFile } from "./database-file.ts";
import { toStoreError } from "./faults.ts";

/** Format of a data directory. Raise it with a migration when the schema of any file changes. */
const FORMAT_VERSION = 3;

/** Lane of everything that writes to `terrarium.db`. */
export const RECORDS_LANE = "terrarium.db";

/** After a crash the first process to open recovers the log, and the others wait for it at most this long. */
const OPENING_TIMEOUT_MS = 5000;

// `removals` is both the announcement and the list of what still has to be deleted from disk. `blob_uses` is
// written before the blobs, and `garbage` when a use is removed: `artifacts.ts` explains why no blob in use
// can be lost.
const STORES = "CREATE TABLE stores (id TEXT PRIMARY KEY, writes INTEGER NOT NULL, boot TEXT NOT NULL);";
const APPS = `
  CREATE TABLE apps (
    name TEXT PRIMARY KEY, store_id TEXT NOT NULL UNIQUE, token_digest TEXT NOT NULL, source TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL, current_id TEXT, previous_id TEXT, last_version INTEGER NOT NULL,
    switch_number INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE switches (number INTEGER PRIMARY KEY AUTOINCREMENT);
  CREATE TABLE released_names (
    name TEXT PRIMARY KEY, token_digest TEXT NOT NULL, until_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX deployments_by_app ON deployments (app) WHERE app IS NOT NULL;
`;
/** The tables of `terrarium.db`. */
export const RECORDS_SCHEMA = `
  CREATE TABLE deployments (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, language TEXT, phase TEXT NOT NULL,
    message TEXT NOT NULL, error_code TEXT,
    created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER, token_digest TEXT NOT NULL, source TEXT NOT NULL,
    app TEXT, version INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX deployments_by_expiry ON deployments (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
  CREATE TABLE used_ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE manifests (id TEXT PRIMARY KEY, manifest TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE blob_uses (digest TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (digest, id)) WITHOUT ROWID;
  CREATE INDEX blob_uses_by_id ON blob_uses (id);
  CREATE TABLE garbage (digest TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE removals (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, at_ms INTEGER NOT NULL,
    wiped INTEGER NOT NULL);
  CREATE INDEX removals_to_wipe ON removals (sequence) WHERE wiped = 0;
  CREATE TABLE members (name TEXT PRIMARY KEY, pid INTEGER NOT NULL, role TEXT NOT NULL, socket TEXT,
    at_ms INTEGER NOT NULL) WITHOUT ROWID;
  ${STORES}
  ${APPS}
  PRAGMA user_version = ${FORMAT_VERSION};
`;

/**
 * Opens `terrarium.db`, creating it if necessary. Throws TER_STORE_NEWER_FORMAT if a later version of
 * Terrarium wrote it.
 */
export function openRecords(
  directory: DataDirectory,
  onCheckpointDue: (path: string) => void,
): SqliteConnection {
  let connection: SqliteConnection | undefined;
  try {
    if (!existsSync(directory.records))
      makeDatabaseFile(directory.records, directory.unfinished, RECORDS_SCHEMA);
    connection = new SqliteConnection(directory.records, onCheckpointDue);
    connection.busyTimeoutMs = OPENING_TIMEOUT_MS;
    checkFormat(connection, directory);
    connection.busyTimeoutMs = 0;
    return connection;
  } catch (error) {
    connection?.close();
    throw toStoreError(error);
  }
}

function checkFormat(connection: SqliteConnection, directory: DataDirectory): void {
  const found = connection.formatVersion;
  if (found > FORMAT_VERSION)
    throw new TerrariumError("TER_STORE_NEWER_FORMAT", { found, known: FORMAT_VERSION });
  if (found < 1)
    throw new TerrariumError("TER_STORE_DAMAGED", { reason: `${connection.path} has no format version` });
  if (found < FORMAT_VERSION) migrate(connection, directory);
}

/** One format after the other, all or none. */
function migrate(connection: SqliteConnection, directory: DataDirectory): void {
  connection.transaction(() => {
    if (connection.formatVersion === 1) countStores(connection, directory);
    if (connection.formatVersion === 2) addApps(connection);
  });
}

/** From format 1: stores that have a file were begun. */
function countStores(connection: SqliteConnection, { keyValue }: DataDirectory): void {
  connection.script(STORES);
  for (const name of existsSync(keyValue) ? readdirSync(keyValue) : [])
    if (name.endsWith(".db"))
      connection.run("INSERT INTO stores (id, writes, boot) VALUES (?, 0, '')", name.slice(0, -3));
  connection.script("PRAGMA user_version = 2");
}

/** From format 2: no deployment is a version of an app; a column has another name. */
function addApps(connection: SqliteConnection): void {
  connection.script("ALTER TABLE deployments ADD COLUMN app TEXT");
  connection.script("ALTER TABLE deployments ADD COLUMN version INTEGER");
  connection.script("ALTER TABLE removals RENAME COLUMN place TO sequence");
  connection.script(`${APPS} PRAGMA user_version = 3`);
}

/** Whether a deployment exists and has not expired, or an app has this as the id of its store. */
export function isAlive(records: SqliteConnection, id: DeploymentId, nowMs: number): boolean {
  const deployment = records.one(
    "SELECT 1 FROM deployments WHERE id = ? AND (expires_at_ms IS NULL OR expires_at_ms > ?)",
    id,
    nowMs,
  );
  return deployment !== undefined || isAppStore(records, id);
}

/** Whether an app has this as the id of its store. */
export function isAppStore(records: SqliteConnection, id: DeploymentId): boolean {
  return records.one("SELECT 1 FROM apps WHERE store_id = ?", id) !== undefined;
}

/** Throws TER_NOT_FOUND unless the deployment or store is alive. */
export function requireAlive(records: SqliteConnection, id: DeploymentId, nowMs: number): void {
  if (!isAlive(records, id, nowMs)) throw new TerrariumError("TER_NOT_FOUND", { id });
}
