// Templates of the server, as projects.
import { signal } from "@preact/signals";
import { callJson } from "../api/client.ts";
import type { LanguageState, Template, TemplateSummary } from "../../../src/api/index.ts";
import { contentOf, fromBase64 } from "./content.ts";
import { variablesOf } from "./variables.ts";
import type { Content, Project } from "./types.ts";
import { createProject } from "./workspace.ts";

/** The templates; undefined until the server has told. */
export const templates = signal<readonly TemplateSummary[] | undefined>(undefined);
/** Languages that this server cannot build, or not yet as it should: what is wrong, and what fixes it. */
export const troubledLanguages = signal<ReadonlyMap<string, LanguageState>>(new Map());

/** Asks for the list. Throws ApiError. */
export async function loadTemplates(): Promise<void> {
  const answer = await callJson<{ templates: TemplateSummary[] }>("/templates");
  templates.value = answer.templates;
  const { languages } = await callJson<{ languages: LanguageState[] }>("/languages");
  troubledLanguages.value = new Map(
    languages.filter(({ fix }) => fix !== null).map((state) => [state.language, state]),
  );
}

/** A new project of a template. Throws ApiError. */
export async function projectOf(summary: TemplateSummary): Promise<Project> {
  const template = await callJson<Template>(`/templates/${encodeURIComponent(summary.name)}`);
  const files = new Map<string, Content>();
  for (const { path, text, base64 } of template.files)
    files.set(path, text ?? contentOf(fromBase64(base64 ?? "")));
  return createProject(summary.name, files, { variables: variablesOf(template.variables) });
}
