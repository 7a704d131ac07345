// Owns the mark of a data directory: without it a folder is somebody else's, and nothing in it is touched.
import { existsSync, readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "../../config/make-folder.ts";
import { TerrariumError } from "../../errors/index.ts";
import { createFileDurably } from "../durable-files.ts";
import type { DataDirectory } from "./data-directory.ts";

const MARK = `This folder is a data directory of Terrarium. Do not change or delete files in it by hand.
docs/guides/data.md says what they are and how to copy, move and restore them.
`;
/** What file systems put into an empty volume. */
const NOT_COUNTED = new Set(["lost+found"]);

/**
 * Makes the folder ours if it is new or empty. Throws TER_STORE_FOREIGN if it holds somebody else's files.
 */
export function claimDataDirectory(directory: DataDirectory): void {
  makeFolder(directory.root, 0o700);
  if (existsSync(directory.mark)) return;
  const example = readdirSync(directory.root).find((name) => !NOT_COUNTED.has(name));
  if (example !== undefined && !isOfEarlierVersion(directory))
    throw new TerrariumError("TER_STORE_FOREIGN", { dataDir: directory.root, example });
  createFileDurably(directory.mark, MARK, 0o600);
}

/** Versions before the mark are known by their records. */
function isOfEarlierVersion({ records }: DataDirectory): boolean {
  if (!existsSync(records)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(records, { readOnly: true });
    const tables = database.prepare("SELECT count(*) AS found FROM sqlite_schema WHERE name IN (?, ?, ?)");
    return tables.get("used_ids", "blob_uses", "removals")?.["found"] === 3;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}
