// Files that survive a power cut: the bytes are synced before the name appears, and the folder after it.
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file in place of any other of that name. Readers see the old bytes or the new ones, whole. */
export function writeFileDurably(path: string, content: string | Uint8Array, mode: number): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeSynced(draft, content, mode);
    renameSync(draft, path);
    syncFolder(dirname(path));
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a file unless there is one: of several processes the first one wins. False if there was one. */
export function createFileDurably(
  path: string,
  content: string | Uint8Array,
  mode: number,
  draft = `${path}.${randomUUID()}`,
): boolean {
  try {
    writeSynced(draft, content, mode);
    linkSync(draft, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    // Whoever made it may have failed to sync its name.
    syncFolder(dirname(path));
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Syncs which names a folder has. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Syncs a file or folder off this thread. One that is gone needs no syncing. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  try {
    await file?.sync();
  } finally {
    await file?.close();
  }
}

function writeSynced(path: string, content: string | Uint8Array, mode: number): void {
  const bytes = Buffer.from(content);
  const file = openSync(path, "wx", mode);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
