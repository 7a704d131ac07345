// Owns the embedded store: SQLite and files in one data directory, shared by the processes of one machine.
import type { DeploymentId, LogStore, Store } from "../types.ts";
import { SqliteAppStore } from "./apps.ts";
import { SqliteArtifactStore } from "./artifacts.ts";
import { Checkpointer } from "./checkpointer.ts";
import type { SqliteConnection } from "./connection.ts";
import { requireConsistent, requireRecords } from "./consistency.ts";
import { DataDirectory } from "./data-directory.ts";
import { claimDataDirectory } from "./data-format.ts";
import { SqliteDeploymentStore } from "./deployments.ts";
import { GroupSync } from "./group-sync.ts";
import { KEY_VALUE_SCHEMA, migrateKeyValues } from "./key-value-rows.ts";
import { SqliteKeyValueStore } from "./key-value.ts";
import { Lanes } from "./lanes.ts";
import { SqliteLivenessStore } from "./liveness.ts";
import { LostAndFound } from "./lost-found.ts";
import { LOGS_SCHEMA, migrateLogs, SqliteLogStore } from "./logs.ts";
import { isAlive, openRecords, requireAlive } from "./records.ts";
import { Reserve } from "./reserve.ts";
import { RemovalWatch } from "./removal-watch.ts";
import { StoreNotes } from "./store-notes.ts";
import { SyncedMark } from "./synced-mark.ts";
import { TenantFiles } from "./tenant-files.ts";
import { Wiper } from "./wiper.ts";

export interface SqliteStoreOptions {
  /** Absolute path; created if it does not exist. */
  readonly dataDir: string;
  /** Size limit of one deployment's log. */
  readonly maxLogBytes: number;
  /** Whether to clean up, on opening, what killed processes left behind: one process per directory does. */
  readonly clearsAway?: boolean;
  /** What acknowledged writes to stores outlive; `process` unless told otherwise. */
  readonly durability?: "process" | "power";
  readonly now?: () => number;
  /** Open files, for key-value stores and for logs each. */
  readonly maxOpenFiles?: number;
  /** How long an operation waits for other processes. */
  readonly lockWaitMs?: number;
}

const MAX_OPEN_FILES = 64;

/**
 * Opens the store. Throws TER_STORE_NEWER_FORMAT, TER_STORE_FOREIGN, TER_STORE_INCONSISTENT,
 * TER_STORE_DAMAGED or TER_STORE_UNAVAILABLE.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const now = options.now ?? Date.now;
  const directory = new DataDirectory(options.dataDir);
  claimDataDirectory(directory);
  requireRecords(directory);
  directory.make();
  const reserve = options.clearsAway === true ? new Reserve(directory.reserve) : null;
  const checkpointer = new Checkpointer();
  const records = openRecords(directory, (path) => checkpointer.checkpoint(path));
  const lanes = new Lanes(options.lockWaitMs);
  const alive = (id: DeploymentId): boolean => isAlive(records, id, now());
  const shared = {
    maxOpenFiles: options.maxOpenFiles ?? MAX_OPEN_FILES,
    isAlive: alive,
    checkpointer,
  };
  const logFiles = new TenantFiles({
    ...shared,
    folder: directory.logs,
    schema: LOGS_SCHEMA,
    migrate: migrateLogs,
  });
  const logs = new SqliteLogStore(logFiles, lanes, options.maxLogBytes, alive);
  const tell = (id: DeploymentId, text: string) => tellOwner(logs, id, text, now());
  const notes = new StoreNotes({ records, lanes, tell });
  const keyValueFiles = new TenantFiles({
    ...shared,
    folder: directory.keyValue,
    schema: KEY_VALUE_SCHEMA,
    migrate: migrateKeyValues,
    check: (id, file) => notes.check(id, file),
    missing: (id) => notes.requireNone(id),
  });
  const tenantFiles = [keyValueFiles, logFiles];
  const wiper = new Wiper({ directory, records, lanes, tenantFiles });
  const watch = new RemovalWatch(records);
  const syncedMark = new SyncedMark(directory);
  const groupSync = new GroupSync();
  watch.subscribe((id) => {
    for (const files of tenantFiles) files.close(id);
    notes.forget(id);
  });
  const close = async () => {
    await lanes.idle();
    watch.end();
    syncedMark.end();
    reserve?.end();
    for (const files of tenantFiles) files.closeAll();
    records.close();
    await checkpointer.end();
  };
  try {
    if (options.clearsAway === true) clearAway(directory, records, wiper, keyValueFiles, now());
  } catch (error) {
    void close();
    throw error;
  }
  reserve?.fill();
  const shares = { records, lanes, now, reserve, watch, wiper, syncedMark };
  return {
    deployments: new SqliteDeploymentStore(shares),
    apps: new SqliteAppStore(shares),
    artifacts: new SqliteArtifactStore({
      directory,
      records,
      lanes,
      now,
      discard: (digests) => wiper.discard(digests),
    }),
    keyValue: new SqliteKeyValueStore({
      files: keyValueFiles,
      lanes,
      notes,
      requireAlive: (id) => requireAlive(records, id, now()),
      settled: options.durability === "power" ? (file) => groupSync.sync(file) : () => undefined,
    }),
    logs,
    liveness: new SqliteLivenessStore(records, lanes, now),
    close,
  };
}

/** What a supervisor does first. Nothing is touched unless records and files belong together. */
function clearAway(
  directory: DataDirectory,
  records: SqliteConnection,
  wiper: Wiper,
  keyValueFiles: TenantFiles,
  nowMs: number,
): void {
  requireConsistent(directory, records, wiper.strangers(keyValueFiles));
  const found = new LostAndFound(directory.lostAndFound, nowMs);
  wiper.clearAway(found);
  found.forgetOld();
}

/** A line in the log of a deployment. Nothing depends on it. */
function tellOwner(logs: LogStore, id: DeploymentId, text: string, atMs: number): void {
  const told = logs.append(id, [{ atMs, source: "platform", request: null, text }]);
  if (told instanceof Promise) told.catch(() => undefined);
}
