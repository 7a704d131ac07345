// Owns the embedded store: SQLite and files in one data directory, shared by the processes of one machine.
import type { DeploymentId, Store } from "../types.ts";
import { SqliteArtifactStore } from "./artifacts.ts";
import { Checkpointer } from "./checkpointer.ts";
import { DataDirectory } from "./data-directory.ts";
import { SqliteDeploymentStore } from "./deployments.ts";
import { KEY_VALUE_SCHEMA } from "./key-value-rows.ts";
import { SqliteKeyValueStore } from "./key-value.ts";
import { Lanes } from "./lanes.ts";
import { SqliteLivenessStore } from "./liveness.ts";
import { LOGS_SCHEMA, SqliteLogStore } from "./logs.ts";
import { isAlive, openRecords, requireAlive } from "./records.ts";
import { RemovalWatch } from "./removal-watch.ts";
import { TenantFiles } from "./tenant-files.ts";
import { Wiper } from "./wiper.ts";

export interface SqliteStoreOptions {
  /** Absolute path; made if it is missing. */
  readonly dataDir: string;
  /** Bound of one deployment's log. */
  readonly maxLogBytes: number;
  /**
   * Whether to clear away, on opening, what killed processes left behind: one process of a directory does.
   */
  readonly removeOrphans?: boolean;
  readonly now?: () => number;
  /** Files open at once, of key-value stores and of logs each. */
  readonly maxOpenFiles?: number;
  /** How long an operation waits for other processes. */
  readonly lockWaitMs?: number;
}

const MAX_OPEN_FILES = 64;

/** Opens the store. Throws TER_STORE_NEWER_FORMAT, TER_STORE_DAMAGED or TER_STORE_UNAVAILABLE. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const now = options.now ?? Date.now;
  const directory = new DataDirectory(options.dataDir);
  directory.make();
  const checkpointer = new Checkpointer();
  const records = openRecords(directory, (path) => checkpointer.checkpoint(path));
  const lanes = new Lanes(options.lockWaitMs);
  const alive = (id: DeploymentId): boolean => isAlive(records, id, now());
  const shared = {
    unfinishedFolder: directory.unfinished,
    maxOpenFiles: options.maxOpenFiles ?? MAX_OPEN_FILES,
    isAlive: alive,
    checkpointer,
  };
  const keyValueFiles = new TenantFiles({ ...shared, folder: directory.keyValue, schema: KEY_VALUE_SCHEMA });
  const logFiles = new TenantFiles({ ...shared, folder: directory.logs, schema: LOGS_SCHEMA });
  const tenantFiles = [keyValueFiles, logFiles];
  const wiper = new Wiper({ directory, records, lanes, tenantFiles });
  const watch = new RemovalWatch(records);
  watch.subscribe((id) => tenantFiles.forEach((files) => files.close(id)));
  if (options.removeOrphans === true) wiper.removeOrphans();
  return {
    deployments: new SqliteDeploymentStore({ records, lanes, now, watch, wiper }),
    artifacts: new SqliteArtifactStore({
      directory,
      records,
      lanes,
      now,
      discard: (digests) => wiper.discard(digests),
    }),
    keyValue: new SqliteKeyValueStore(keyValueFiles, lanes, (id) => requireAlive(records, id, now())),
    logs: new SqliteLogStore(logFiles, lanes, options.maxLogBytes, alive),
    liveness: new SqliteLivenessStore(records, lanes, now),
    close: async () => {
      await lanes.idle();
      watch.end();
      for (const files of tenantFiles) files.closeAll();
      records.close();
      await checkpointer.end();
    },
  };
}
