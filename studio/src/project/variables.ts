// Variables of a template: read from its template.json, put into the files when they are deployed, never before.
import type { Content, Files, Variable } from "./types.ts";

/** The file that describes a template; it is no part of the project. */
export const TEMPLATE_FILE = "template.json";

/** The variables that a template declares; none if it has no such file or it cannot be read. */
export function readVariables(text: string | undefined): Variable[] {
  try {
    const { variables = [] } = JSON.parse(text ?? "{}") as { variables?: readonly Partial<Variable>[] };
    return variables.flatMap(({ name, label, default: placeholder, file, secret }) => {
      if (name === undefined || file === undefined || placeholder === undefined || placeholder === "") return [];
      return [{ name, label: label ?? name, default: placeholder, file, secret: secret === true, value: "" }];
    });
  } catch {
    return [];
  }
}

/** The files with the entered values in place of the defaults. */
export function withValues(files: Files, variables: readonly Variable[]): Files {
  const entered = variables.filter(({ value }) => value !== "");
  if (entered.length === 0) return files;
  const replaced = new Map<string, Content>(files);
  for (const { file, default: placeholder, value } of entered) {
    const content = replaced.get(file);
    if (typeof content === "string") replaced.set(file, content.replaceAll(placeholder, () => value));
  }
  return replaced;
}

/** Variables as they may be shared: secrets without their value. */
export function withoutSecrets(variables: readonly Variable[]): Variable[] {
  return variables.map((variable) => (variable.secret ? { ...variable, value: "" } : variable));
}
