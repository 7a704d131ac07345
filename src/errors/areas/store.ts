import type { ErrorEntry } from "../entry.ts";

/** The store: formats, quotas, availability. */
export const STORE_ERRORS = {
  TER_STORE_NEWER_FORMAT: {
    kind: "user",
    status: 500,
    exit: "failed",
    message: "The store has format {found}; this version reads up to format {known}",
    fix: "Start a newer version of Terrarium, or choose another store with --data DIR or --store",
  },
  TER_STORE_SERVER_UNFIT: {
    kind: "user",
    status: 500,
    exit: "usage",
    message: "Cannot use the Redis server that --store names: {reason}",
    fix: "{fix}",
  },
  TER_STORE_LOCKED: {
    kind: "user",
    status: 500,
    exit: "failed",
    message: 'Another supervisor (process {pid}) uses the data directory "{dataDir}"',
    fix: "Stop it, or choose another directory with --data DIR",
  },
  TER_STORE_DAMAGED: {
    kind: "system",
    status: 500,
    exit: "failed",
    message: "A file of the store is damaged or cannot be read: {reason}",
    fix:
      "Check the disk of the data directory first. If that is in order, run terrarium doctor --data DIR, " +
      "and restore the data directory from a backup or delete the deployment that the file belongs to",
  },
  TER_DISK_FULL: {
    kind: "system",
    status: 507,
    exit: "failed",
    message: "Cannot write: the disk of the data directory is full",
    fix: "Delete deployments, or free space on that disk; a restart is not needed",
  },
  TER_STORE_FOREIGN: {
    kind: "user",
    status: 500,
    exit: "usage",
    message: 'Cannot use "{dataDir}" as data directory: it holds other files, such as "{example}"',
    fix: "Give a new or empty folder with --data DIR",
  },
  TER_STORE_INCONSISTENT: {
    kind: "system",
    status: 500,
    exit: "failed",
    message: 'Cannot use the data directory "{dataDir}": {reason}. Nothing was changed',
    fix: "Run terrarium doctor --data {dataDir}; restore a backup, or rebuild with terrarium doctor --fix",
  },
  TER_BACKUP_NOTHING: {
    kind: "user",
    status: 500,
    exit: "usage",
    message: 'Cannot back up "{dataDir}": it is not a data directory of Terrarium',
    fix: "Name the data directory with --data DIR",
  },
  TER_BACKUP_DAMAGED: {
    kind: "user",
    status: 500,
    exit: "failed",
    message: 'Cannot restore "{file}": {reason}',
    fix: "Restore another backup; this one cannot be relied on",
  },
  TER_BACKUP_TARGET: {
    kind: "user",
    status: 500,
    exit: "usage",
    message: 'Cannot restore into "{dataDir}": the folder is not empty',
    fix: "Name a new or empty folder with --data DIR",
  },
  TER_KV_KEY_TOO_LARGE: {
    kind: "guest",
    status: 500,
    exit: "refused",
    message: "Cannot store key: {used} bytes; the limit is {allowed}",
    fix: "Use a shorter key",
  },
  TER_KV_VALUE_TOO_LARGE: {
    kind: "guest",
    status: 500,
    exit: "refused",
    message: "Cannot store value: {used} bytes; the limit is {allowed}",
    fix: "Store less under one key, or raise the limit with --limit valueBytes=N",
  },
  TER_KV_FULL: {
    kind: "guest",
    status: 507,
    exit: "refused",
    message: "The store of this deployment is full: {used} {unit}; the limit is {allowed}",
    fix: "Remove keys, or raise the limit with --limit {limit}=N",
  },
  TER_STORE_UNAVAILABLE: {
    kind: "system",
    status: 503,
    exit: "failed",
    message: "The store does not answer: {reason}",
    fix: "Try again; if it persists, check the disk of the data directory, or the server that --store names",
  },
} as const satisfies Record<string, ErrorEntry>;
