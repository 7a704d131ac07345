// A project as the archive that is uploaded.
import { writeArchive } from "../../../src/project/write-archive.ts";
import { bytesOf } from "./content.ts";
import type { Files } from "./types.ts";

/** The tar of the files, by name. */
export function archiveOf(files: Files): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return writeArchive(new Map(sorted.map(([path, content]) => [path, bytesOf(content)])));
}
