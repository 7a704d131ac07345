// Reads a project from a folder on disk, as the command line does before it uploads.
import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { ProjectFiles } from "./files.ts";
import { type IgnoreRule, isLeftOut, parseIgnoreFile } from "./ignore-rules.ts";
import { cleanName, FileCollector, isIgnored } from "./names.ts";

/** Files of these names say what is no part of the project; the second may take back what the first leaves out. */
const IGNORE_FILES = [".gitignore", ".terrariumignore"];

/** Hears what is left out although nobody asked for it, and why. */
export type LeftOutListener = (name: string, reason: string) => void;

/**
 * All regular files below `folder`, sorted by name. Left out are dot files, `node_modules`, what `.gitignore`
 * and `.terrariumignore` name, and folders marked as caches (cargo's `target/` has a CACHEDIR.TAG). A link to
 * a file of the same project counts as that file; other links, pipes, sockets and devices are left out, and
 * `onLeftOut` hears of them.
 */
export async function readFolder(
  folder: string,
  onLeftOut: LeftOutListener = () => undefined,
): Promise<ProjectFiles> {
  const root = await realpath(folder);
  const names = await new FolderReader(root, onLeftOut).namesBelow("", []);
  const collector = new FileCollector();
  for (const name of names.sort()) collector.add(cleanName(name), await readFile(join(root, name)));
  return collector.files;
}

class FolderReader {
  readonly #root: string;
  readonly #onLeftOut: LeftOutListener;

  constructor(root: string, onLeftOut: LeftOutListener) {
    this.#root = root;
    this.#onLeftOut = onLeftOut;
  }

  /** `outer`: the rules of the folders around. */
  async namesBelow(folder: string, outer: readonly IgnoreRule[]): Promise<string[]> {
    const rules = [...outer, ...(await this.#rulesOf(folder))];
    const names: string[] = [];
    for (const entry of await readdir(join(this.#root, folder), { withFileTypes: true })) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isIgnored(name) || isLeftOut(rules, name, entry.isDirectory())) continue;
      if (entry.isDirectory()) {
        if (!existsSync(join(this.#root, name, "CACHEDIR.TAG")))
          names.push(...(await this.namesBelow(name, rules)));
      } else if (entry.isFile() || (await this.#isLinkInside(name, entry.isSymbolicLink()))) names.push(name);
    }
    return names;
  }

  async #rulesOf(folder: string): Promise<IgnoreRule[]> {
    const rules: IgnoreRule[] = [];
    for (const file of IGNORE_FILES) {
      const text = await readFile(join(this.#root, folder, file), "utf8").catch(() => "");
      rules.push(...parseIgnoreFile(text, folder));
    }
    return rules;
  }

  async #isLinkInside(name: string, isLink: boolean): Promise<boolean> {
    const target = await realpath(join(this.#root, name)).catch(() => null);
    if (isLink && target === null) this.#onLeftOut(name, "the link leads nowhere");
    else if (isLink && !(target ?? "").startsWith(this.#root + sep))
      this.#onLeftOut(name, "the link leads outside the project");
    else if (target !== null && (await stat(target)).isFile()) return true;
    else this.#onLeftOut(name, isLink ? "the link leads to a folder" : "it is not a regular file");
    return false;
  }
}
