// How much disk an installation takes: every package that is not for development, as npm has put them here.
// Run: `npm run bench -- install`.
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const MIB = 2 ** 20;
const ROOT = join(import.meta.dirname, "..");
const PACKAGES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["of it, Node 26", /^node_modules\/node-/],
  ["of it, the C compiler", /^node_modules\/@yowasp\//],
  ["of it, the AssemblyScript compiler", /^node_modules\/assemblyscript(\/|$)/],
];

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** Bytes of a folder's files, without packages inside it: they are counted by themselves. */
function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => {
      const stats = lstatSync(path);
      return sum + (stats.isDirectory() ? folderBytes(path) : stats.size);
    }, 0);
}

const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as LockFile;
const sizes = Object.entries(lock.packages)
  .filter(([path, { dev = false }]) => path !== "" && !dev && existsSync(join(ROOT, path)))
  .map(([path]) => ({ path, bytes: folderBytes(join(ROOT, path)) }));
const total = (pattern: RegExp): number =>
  sizes.filter(({ path }) => pattern.test(path)).reduce((sum, { bytes }) => sum + bytes, 0) / MIB;
const row = (what: string, pattern: RegExp): Row => ({ what, value: total(pattern), unit: "MiB" });

publish({
  name: "install",
  title: "Disk space of an installation",
  command: "npm run bench -- install",
  method: "Sizes of the files of all packages that are not for development, on Linux with x86-64.",
  rows: [
    { ...row("An installation", /^/), bar: "installation" },
    ...PACKAGES.map(([what, pattern]) => row(what, pattern)),
  ],
});
