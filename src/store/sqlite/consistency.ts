// Owns the question whether records and files of a data directory belong together: asked when a supervisor
// starts, before anything is changed. What a crash or a power cut can leave behind passes; the rest is
// refused.
import { existsSync } from "node:fs";
import { TerrariumError } from "../../errors/index.ts";
import type { SqliteConnection } from "./connection.ts";
import type { DataDirectory } from "./data-directory.ts";
import { lostLog } from "./synced-mark.ts";

/** Throws TER_STORE_INCONSISTENT if there is data without records, or if synced records are gone. */
export function requireRecords(directory: DataDirectory): void {
  const reason = existsSync(directory.records)
    ? lostLog(directory)
    : directory.hasData
      ? "terrarium.db is missing, but there is data of deployments"
      : null;
  if (reason !== null) throw inconsistent(directory, reason);
}

/** Throws TER_STORE_INCONSISTENT unless the records are sound and know of every store there is. */
export function requireConsistent(
  directory: DataDirectory,
  records: SqliteConnection,
  strangers: readonly string[],
): void {
  const [first = "nothing"] = records.all("PRAGMA quick_check(1)").map((row) => String(row["quick_check"]));
  if (first !== "ok") throw inconsistent(directory, `terrarium.db is damaged: ${first}`);
  const [example] = strangers;
  if (example === undefined) return;
  const count = strangers.length;
  throw inconsistent(directory, `terrarium.db knows nothing of ${count} stores in kv/, such as ${example}`);
}

function inconsistent({ root: dataDir }: DataDirectory, reason: string): TerrariumError {
  return new TerrariumError("TER_STORE_INCONSISTENT", { dataDir, reason });
}
