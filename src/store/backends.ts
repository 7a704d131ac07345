// The store backends: each is a folder here and one line below.
import { openSqliteBackend } from "./sqlite/index.ts";
import type { OpenBackend } from "./types.ts";

/** Backends by the name that `--store` takes. */
export const BACKENDS: Readonly<Record<string, OpenBackend>> = { sqlite: openSqliteBackend };
