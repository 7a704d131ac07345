// Reads a project from a folder on disk, as the command line does before it uploads.
import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { ProjectFiles } from "./files.ts";
import { cleanName, FileCollector, invalidArchive, isIgnored } from "./names.ts";

/**
 * All regular files below `folder` except dotfiles, `node_modules` and folders marked as caches (cargo's
 * `target/` has a CACHEDIR.TAG), sorted by name. A link to a file of the same project counts as that file.
 * Throws TER_ARCHIVE_INVALID for links that lead elsewhere.
 */
export async function readFolder(folder: string): Promise<ProjectFiles> {
  const root = await realpath(folder);
  const collector = new FileCollector();
  for (const name of (await namesBelow(root, "")).sort()) {
    collector.add(cleanName(name), await readFile(join(root, name)));
  }
  return collector.files;
}

async function namesBelow(root: string, folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isIgnored(name)) continue;
    if (entry.isDirectory() && existsSync(join(root, name, "CACHEDIR.TAG"))) continue;
    if (entry.isDirectory()) names.push(...(await namesBelow(root, name)));
    else if (entry.isFile() || (await isLinkInside(root, name))) names.push(name);
  }
  return names;
}

async function isLinkInside(root: string, name: string): Promise<boolean> {
  const target = await realpath(join(root, name)).catch(() => "");
  const isInside = target.startsWith(root + sep) && (await stat(target)).isFile();
  if (!isInside) throw invalidArchive(`${name} is neither a regular file nor a link to one of this project`);
  return true;
}
