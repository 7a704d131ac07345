// What edges need of a data directory. The rest is the supervisor's: keys, tokens, the lock.
import { closeSync, openSync } from "node:fs";
import { DataDirectory } from "./data-directory.ts";

/** Paths for an edge: what it reads, and what it changes. Called by the supervisor once its store is open. */
export function edgeFiles(dataDir: string): { readonly readable: string[]; readonly writable: string[] } {
  const directory = new DataDirectory(dataDir);
  const records = ["", "-wal", "-shm"].map((suffix) => `${directory.records}${suffix}`);
  // SQLite makes them when it needs them; an edge could not, and would make its own.
  for (const path of records) closeSync(openSync(path, "a", 0o600));
  return {
    readable: [directory.mark, directory.blobs],
    writable: [...records, directory.keyValue, directory.logs],
  };
}
