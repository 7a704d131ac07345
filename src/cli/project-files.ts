// What a command builds or deploys: a project folder, or a single module as binary or text.
import { readFile, stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { readFolder } from "../project/read-folder.ts";
import type { ProjectFiles } from "../project/files.ts";
import type { CommandContext } from "./command.ts";
import { usage } from "./usage-error.ts";
import { onUserPath, requireFile } from "./user-path.ts";

/** Name under which a single file is the entry of a project. */
const ENTRIES: Readonly<Record<string, string>> = { ".wasm": "module.wasm", ".wat": "src/main.wat" };

/** The files at `path`, relative to the context's folder. Throws TER_USAGE and TER_PATH. */
export async function readProject(
  { cwd, terminal }: Pick<CommandContext, "cwd" | "terminal">,
  path: string,
): Promise<ProjectFiles> {
  return await onUserPath("read", path, async () => {
    const file = resolve(cwd, path);
    const found = await stat(file);
    if (found.isDirectory())
      return readFolder(file, (name, reason) =>
        terminal.notice(`Left out ${JSON.stringify(name)}: ${reason}`),
      );
    const entry = ENTRIES[extname(file)];
    if (entry === undefined)
      throw usage(
        `"${path}" is neither a folder nor a .wasm or .wat file`,
        "Name a project's folder, a .wasm or a .wat file",
      );
    requireFile(path, file);
    return new Map([[entry, await readFile(file)]]);
  });
}
