// Permissions of the crates that cargo fetched. If the server runs as root, builds run as nobody, and cargo
// keeps the permissions in a crate's archive, some of which let only the owner read.
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Folders of crates that builds are known to be able to read. */
const opened = new Set<string>();

/** Lets everybody read all crates below a cargo home's `registry/src`. Checks each crate once. */
export async function openToBuilds(sources: string): Promise<void> {
  for (const registry of await readdir(sources).catch(() => [])) {
    for (const name of await readdir(join(sources, registry))) {
      const crate = join(sources, registry, name);
      if (opened.has(crate)) continue;
      await openFolder(crate);
      opened.add(crate);
    }
  }
}

async function openFolder(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openFolder(path);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}
