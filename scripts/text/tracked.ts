// The text files of the repository, by path from its root.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

const TEXT = /\.(ts|tsx|mjs|md|rs|c|h|wat|css|html|json|toml|sh|yml)$|^\.ci\/run$/;

/** Paths of all tracked files, text or not. */
export function trackedFiles(root: string = ROOT): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)));
}

/** Paths of tracked files that people read as text. */
export function textFiles(root: string = ROOT): string[] {
  return trackedFiles(root).filter((path) => TEXT.test(path));
}

export function textOf(path: string, root: string = ROOT): string {
  return readFileSync(join(root, path), "utf8");
}
