// The store backends: each is a folder here and one line below.
import { openRedisBackend } from "./redis/open-backend.ts";
import { openSqliteBackend } from "./sqlite/index.ts";
import type { OpenBackend } from "./types.ts";

/** Backends by the word that `--store` begins with, up to a colon. */
export const BACKENDS: Readonly<Record<string, OpenBackend>> = {
  sqlite: openSqliteBackend,
  redis: openRedisBackend,
  rediss: openRedisBackend,
};
