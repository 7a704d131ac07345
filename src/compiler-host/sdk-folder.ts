// Where the guest libraries are, in a checkout and in the installed package alike, and how they are read.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** `sdk/` of the package. `src/compiler-host/` and `dist/compiler-host/` are equally deep. */
export const SDK_FOLDER = fileURLToPath(new URL("../../sdk/", import.meta.url));

/**
 * All files below a folder of `sdk/`, by relative name with forward slashes, sorted. Empty if there is no
 * such folder.
 */
export async function readSdk(folder: string): Promise<Map<string, Uint8Array>> {
  const root = join(SDK_FOLDER, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = files.map(
    async (file) => [file.slice(root.length + 1).replaceAll(sep, "/"), await readFile(file)] as const,
  );
  return new Map(await Promise.all(contents));
}

/** A digest of those files, for fingerprints. */
export async function sdkDigest(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, bytes] of await readSdk(folder)) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}

const require = createRequire(import.meta.url);

/** Version of an installed npm package. */
export async function packageVersion(name: string): Promise<string> {
  for (const folder of require.resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, "package.json"), "utf8").catch(() => null);
    if (text !== null) return `${name}@${(JSON.parse(text) as { version: string }).version}`;
  }
  return `${name}@${dirname(name)}`;
}
