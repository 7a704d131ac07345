// Owns `terrarium restore`: a data directory out of a backup, verified before it gets its name.
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { TerrariumError } from "../../../errors/index.ts";
import { syncFolder } from "../../durable-files.ts";
import { examineDataDirectory } from "../examination.ts";
import { unpackArchive } from "./archive.ts";

/** Restores a backup into a new or empty folder. Throws TER_BACKUP_TARGET or TER_BACKUP_DAMAGED. */
export function restoreDataDirectory(
  file: string,
  dataDir: string,
  onProgress: (members: number) => void,
): { readonly files: number } {
  const target = resolve(dataDir);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new TerrariumError("TER_BACKUP_TARGET", { dataDir });
  const draft = `${target}.restoring`;
  rmSync(draft, { recursive: true, force: true });
  try {
    let files = 0;
    unpackArchive(resolve(file), draft, (members) => onProgress((files = members)));
    verify(file, draft);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
    syncFolder(dirname(target));
    return { files };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function verify(file: string, draft: string): void {
  const bad = examineDataDirectory(draft).find(({ state }) => state === "failure");
  if (bad !== undefined)
    throw new TerrariumError("TER_BACKUP_DAMAGED", { file, reason: `${bad.name}: ${bad.text}` });
}
