// What a compiler process may do beyond computing: read the platform's own files and its packages'. An extra
// layer: Node warns not to rely on its permission model, and the compilers have no way out anyway.
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompilerPackage } from "./toolchain-module.ts";

/**
 * Node flags that deny writing, child processes, the network, and reading outside the package and the
 * `node_modules` that it finds its packages in. Threads stay allowed: one watches the parent.
 */
export function permissionFlags(packages: readonly CompilerPackage[]): string[] {
  const root = fileURLToPath(new URL("../../../", import.meta.url)).slice(0, -1);
  const searched = createRequire(import.meta.url).resolve.paths("any-package") ?? [];
  const readable = [root, ...searched.filter((folder) => existsSync(folder))].flatMap(linkChain);
  const isCovered = packageFolders(packages).every((folder) =>
    readable.some((allowed) => folder.startsWith(allowed + sep)),
  );
  // Some package managers keep all packages in one store: reading cannot be restricted there; the rest still
  // holds.
  const reads = isCovered ? [...new Set(readable)].map((folder) => folder + sep) : ["*"];
  return ["--permission", "--allow-worker", ...reads.map((folder) => `--allow-fs-read=${folder}`)];
}

/** The folder and each folder that links lead to, since all of them are accessed on the way. */
function linkChain(folder: string): string[] {
  const chain = [folder];
  for (let at = folder; lstatSync(at).isSymbolicLink() && chain.length < 40; chain.push(at))
    at = resolve(dirname(at), readlinkSync(at));
  return [...chain, realpathSync(folder)];
}

function packageFolders(packages: readonly CompilerPackage[]): string[] {
  const found = new Map<string, string>();
  for (const [name, dependent] of packages) {
    const from = dependent === null ? import.meta.url : join(found.get(dependent) ?? "/", "package.json");
    const folder = (createRequire(from).resolve.paths(name) ?? [])
      .map((searched) => join(searched, name))
      .find((candidate) => existsSync(candidate));
    if (folder !== undefined) found.set(name, realpathSync(folder));
  }
  return [...found.values()];
}
