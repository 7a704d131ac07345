// The starter projects and examples that come with the platform: each is a project folder under templates/,
// described by a template.json.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Template, type TemplateSummary, templateSummary } from "../../api/index.ts";
import { type ProjectFiles, readFolder } from "../../project/index.ts";
import { nearest } from "../../config/spelling.ts";
import { TerrariumError } from "../../errors/index.ts";

/** The description of a template; it is not copied into projects. */
const DESCRIPTION_FILE = "template.json";

const descriptionSchema = templateSummary.omit({ name: true }).extend({
  title: z.string().min(1).max(100),
  summary: z.string().min(1).max(200),
});

/** The templates below one folder. */
export class Templates {
  readonly #folder: string;

  constructor(folder: string = templatesFolder()) {
    this.#folder = folder;
  }

  /** Sorted by name, starters (`empty-…`) first. */
  async list(): Promise<TemplateSummary[]> {
    const names = await this.#names();
    const summaries = await Promise.all(names.map((name) => this.#describe(name)));
    return summaries.sort((a, b) => rank(a).localeCompare(rank(b)));
  }

  async #names(): Promise<string[]> {
    const entries = existsSync(this.#folder) ? await readdir(this.#folder) : [];
    return entries.filter((name) => existsSync(join(this.#folder, name, DESCRIPTION_FILE)));
  }

  /** Throws TER_NO_SUCH_TEMPLATE. */
  async read(name: string): Promise<Template> {
    const files = await this.files(name);
    return {
      ...(await this.#describe(name)),
      files: [...files].map(([path, bytes]) => viewFile(path, bytes)),
    };
  }

  /** The project's files, without the template's description. Throws TER_NO_SUCH_TEMPLATE. */
  async files(name: string): Promise<ProjectFiles> {
    const files = await readFolder(await this.#folderOf(name));
    return new Map([...files].filter(([path]) => path !== DESCRIPTION_FILE));
  }

  async #describe(name: string): Promise<TemplateSummary> {
    const text = await readFile(join(await this.#folderOf(name), DESCRIPTION_FILE), "utf8");
    return { name, ...descriptionSchema.parse(JSON.parse(text)) };
  }

  async #folderOf(name: string): Promise<string> {
    const folder = join(this.#folder, name);
    const known = /^[a-z0-9-]{1,64}$/.test(name) && existsSync(join(folder, DESCRIPTION_FILE));
    if (known) return folder;
    const near = nearest(name.slice(0, 64), await this.#names());
    const fix =
      `${near === undefined ? "" : `Did you mean "${near}"? `}\`terrarium templates\` lists all ` +
      "templates";
    throw new TerrariumError("TER_NO_SUCH_TEMPLATE", { name: name.slice(0, 64), fix });
  }
}

/** `templates/` next to `src/` or `dist/`. */
function templatesFolder(): string {
  return fileURLToPath(new URL("../../../templates", import.meta.url));
}

function viewFile(path: string, bytes: Uint8Array): Template["files"][number] {
  try {
    return {
      path,
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      base64: null,
    };
  } catch {
    return { path, text: null, base64: Buffer.from(bytes).toString("base64") };
  }
}

function rank({ name }: TemplateSummary): string {
  return `${name.startsWith("empty-") ? 0 : 1}${name}`;
}
