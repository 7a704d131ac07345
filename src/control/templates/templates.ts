// The starter projects and examples that come with the platform: each a project folder under templates/, whose README
// gives its title and one sentence.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { detectLanguage, type ProjectFiles, readFolder, readManifest } from "../../build/index.ts";
import { TerrariumError } from "../../errors/index.ts";

/** What lists show of a template. */
export interface TemplateSummary {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly language: string;
}

/** A file of a template: text where it is UTF-8, else base64. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string | null;
  readonly base64: string | null;
}

/** The templates below one folder. */
export class Templates {
  readonly #folder: string;

  constructor(folder: string = templatesFolder()) {
    this.#folder = folder;
  }

  /** By name, starters (`empty-…`) first. */
  async list(): Promise<TemplateSummary[]> {
    const entries = existsSync(this.#folder) ? await readdir(this.#folder, { withFileTypes: true }) : [];
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const summaries = await Promise.all(names.map(async (name) => summarize(name, await this.files(name))));
    return summaries.sort((a, b) => rank(a).localeCompare(rank(b)));
  }

  /** Throws TER_NO_SUCH_TEMPLATE. */
  async read(name: string): Promise<TemplateSummary & { readonly files: TemplateFile[] }> {
    const files = await this.files(name);
    return { ...summarize(name, files), files: [...files].map(([path, bytes]) => viewFile(path, bytes)) };
  }

  /** Throws TER_NO_SUCH_TEMPLATE. */
  async files(name: string): Promise<ProjectFiles> {
    const folder = join(this.#folder, name);
    if (!/^[a-z0-9-]{1,64}$/.test(name) || !existsSync(folder)) throw new TerrariumError("TER_NO_SUCH_TEMPLATE", { name: name.slice(0, 64) });
    return await readFolder(folder);
  }
}

/** `templates/` beside `src/` or `dist/`. */
export function templatesFolder(): string {
  return fileURLToPath(new URL("../../../templates", import.meta.url));
}

function summarize(name: string, files: ProjectFiles): TemplateSummary {
  const readme = new TextDecoder().decode(files.get("README.md") ?? new Uint8Array());
  const title = /^#\s+(.+)$/m.exec(readme)?.[1] ?? name;
  const [summary = ""] = readme.replace(/^#.*$/gm, "").trim().split(/\n\s*\n/);
  const language = detectLanguage(files, readManifest(files).language ?? null);
  return { name, title: title.trim(), summary: summary.replace(/\s+/g, " ").trim(), language };
}

function viewFile(path: string, bytes: Uint8Array): TemplateFile {
  try {
    return { path, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), base64: null };
  } catch {
    return { path, text: null, base64: Buffer.from(bytes).toString("base64") };
  }
}

function rank({ name }: TemplateSummary): string {
  return `${name.startsWith("empty-") ? 0 : 1}${name}`;
}
