// The files without which Node does not start: its binary, the loader and the shared libraries that this very
// process has mapped.
import { existsSync, readFileSync, realpathSync } from "node:fs";

/** The loader's path as it is written into binaries, by architecture. */
const LOADERS: Readonly<Record<string, string>> = {
  x64: "/lib64/ld-linux-x86-64.so.2",
  arm64: "/lib/ld-linux-aarch64.so.1",
};
const SHARED_LIBRARY = /^\S+ r-xp .* (\/\S+\.so(?:\.\d+)*)$/gm;

/** Where each file is, and where a process looks for it. */
export function nodeFiles(): [source: string, target: string][] {
  const maps = readFileSync("/proc/self/maps", "utf8");
  const libraries = new Set([...maps.matchAll(SHARED_LIBRARY)].map((match) => match[1] ?? ""));
  const loader = LOADERS[process.arch];
  const files = [...libraries].flatMap((path): [string, string][] => [
    [path, path],
    // Programs ask for `libstdc++.so.6`, which links to the file that is mapped.
    [path, path.replace(/(\.so\.\d+)\..*$/, "$1")],
  ]);
  if (loader !== undefined && existsSync(loader)) files.push([realpathSync(loader), loader]);
  return [[realpathSync(process.execPath), process.execPath], ...files];
}
