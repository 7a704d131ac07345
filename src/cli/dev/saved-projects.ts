// The project in a folder, each time that its contents have changed. Contents decide, not timestamps: the
// folder is read again and again.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFolder } from "../../project/read-folder.ts";
import { writeArchive } from "../../project/write-archive.ts";
import type { Terminal } from "../terminal.ts";
import { onUserPath } from "../user-path.ts";

const READ_EVERY_MS = 150;
/** Reading a large project takes at most this part of the time. */
const READ_SHARE = 0.1;

/** A project as it was found. */
export interface SavedProject {
  readonly archive: Uint8Array;
  /** The text of its file `.env`, which is no part of the archive. */
  readonly env: string;
}

/** The project: the current one first, then the newest after each change. Ends with the signal. */
export async function* savedProjects(
  folder: string,
  terminal: Terminal,
  signal: AbortSignal,
): AsyncGenerator<SavedProject> {
  const told = new Set<string>();
  const tell = (text: string) => {
    if (!told.has(text)) terminal.notice(text);
    told.add(text);
  };
  const leftOut = (name: string, why: string) => tell(`Left out ${JSON.stringify(name)}: ${why}`);
  const read = async (): Promise<SavedProject> => ({
    archive: writeArchive(await readFolder(folder, leftOut)),
    env: await readFile(join(folder, ".env"), "utf8").catch(() => ""),
  });
  let saved: SavedProject | null = await onUserPath("read", folder, read);
  let last = "";
  while (!signal.aborted) {
    const digest = saved === null ? last : digestOf(saved);
    if (saved !== null && digest !== last) yield saved;
    last = digest;
    const startedMs = performance.now();
    // A file may vanish while the folder is read. The next reading finds what there is then.
    saved = await read().catch(() => null);
    const tookMs = performance.now() - startedMs;
    await sleep(Math.max(READ_EVERY_MS, tookMs / READ_SHARE), undefined, { signal }).catch(() => undefined);
  }
}

function digestOf({ archive, env }: SavedProject): string {
  return createHash("sha256").update(archive).update(env).digest("hex");
}
