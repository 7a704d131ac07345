// What a compiler process may do beyond computing: read the platform's own files and its packages'. An extra layer
// (Node says itself that its permission model is none to rely on); the compilers have no way out of their own.
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Node flags that deny writing, reading elsewhere, child processes and the network. Threads stay allowed: one watches
 * the parent.
 */
export function permissionFlags(): string[] {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const packages = createRequire(import.meta.url).resolve.paths("wabt") ?? [];
  const folders = [root, ...packages].filter((folder) => existsSync(folder));
  // Both a link and what it leads to are asked for.
  const readable = new Set([...folders, ...folders.map((folder) => realpathSync(folder))]);
  return ["--permission", "--allow-worker", ...[...readable].map((folder) => `--allow-fs-read=${folder.replace(/\/$/, "")}/`)];
}
