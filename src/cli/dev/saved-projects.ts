// The project in a folder, each time that its contents have changed. Contents decide, not timestamps: the
// folder is read again and again.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { readFolder } from "../../project/read-folder.ts";
import { writeArchive } from "../../project/write-archive.ts";
import type { Terminal } from "../terminal.ts";
import { onUserPath } from "../user-path.ts";

const READ_EVERY_MS = 150;
/** Reading a large project takes at most this part of the time. */
const READ_SHARE = 0.1;

/** Archives of the project: the current one first, then the newest after each change. Ends with the signal. */
export async function* savedProjects(
  folder: string,
  terminal: Terminal,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const told = new Set<string>();
  const tell = (text: string) => {
    if (!told.has(text)) terminal.notice(text);
    told.add(text);
  };
  const read = async () =>
    writeArchive(await readFolder(folder, (name, why) => tell(`Left out ${JSON.stringify(name)}: ${why}`)));
  let archive: Uint8Array | null = await onUserPath("read", folder, read);
  let last = "";
  while (!signal.aborted) {
    const digest = archive === null ? last : createHash("sha256").update(archive).digest("hex");
    if (archive !== null && digest !== last) yield archive;
    last = digest;
    const startedMs = performance.now();
    // A file may vanish while the folder is read. The next reading finds what there is then.
    archive = await read().catch(() => null);
    const tookMs = performance.now() - startedMs;
    await sleep(Math.max(READ_EVERY_MS, tookMs / READ_SHARE), undefined, { signal }).catch(() => undefined);
  }
}
