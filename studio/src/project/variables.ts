// Variables of a template: declared by it, put into the files when they are deployed, never before.
import type { TemplateVariable } from "../../../src/api/index.ts";
import type { Content, Files, Variable } from "./types.ts";

/** The variables that a template declares, as far as they name a text and its file. */
export function variablesOf(declared: readonly TemplateVariable[]): Variable[] {
  return declared.flatMap(({ name, label, default: placeholder, file, secret }) => {
    if (file === undefined || placeholder === undefined || placeholder === "") return [];
    return [{ name, label: label ?? name, default: placeholder, file, secret: secret === true, value: "" }];
  });
}

/** The files with the entered values in place of the defaults. */
export function withValues(files: Files, variables: readonly Variable[]): Files {
  const entered = variables.filter(({ value }) => value !== "");
  if (entered.length === 0) return files;
  const replaced = new Map<string, Content>(files);
  for (const { file, default: placeholder, value } of entered) {
    const content = replaced.get(file);
    if (typeof content === "string")
      replaced.set(
        file,
        content.replaceAll(placeholder, () => value),
      );
  }
  return replaced;
}

/** Variables as they may be shared: secrets without their value. */
export function withoutSecrets(variables: readonly Variable[]): Variable[] {
  return variables.map((variable) => (variable.secret ? { ...variable, value: "" } : variable));
}
