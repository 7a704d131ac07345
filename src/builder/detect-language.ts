// Which language a project is written in: what its sender says, checked against its files.
import { TerrariumError } from "../errors/index.ts";
import { type Language, LANGUAGES, type ListedLanguage } from "../languages/list.ts";
import type { ProjectFiles } from "../project/files.ts";

/** The languages that a sender may mean by a name: `wasm` includes the text format. */
function meantBy(hint: string): readonly ListedLanguage[] {
  return LANGUAGES.filter(({ name, family }) => name === hint || family === hint);
}

/**
 * The language to build. `hint` is the client's guess (null: none). If its entry file is missing and exactly
 * one other language's exists, that language is built. Throws TER_BUILD_NO_ENTRY or TER_BUILD_AMBIGUOUS.
 */
export function detectLanguage(files: ProjectFiles, hint: string | null): Language {
  const hinted = hint === null ? [] : meantBy(hint);
  const direct = hinted.find((language) => isIn(files, language));
  if (direct !== undefined) return direct.name;
  // Within a family the first counts: a compiled module comes before its text.
  const present = LANGUAGES.filter((language) => isIn(files, language)).filter(
    ({ family }, _, all) => !all.some(({ name }) => name === family),
  );
  const [only] = present;
  if (only !== undefined && present.length === 1) return only.name;
  if (hinted.length === 0 && present.length > 1)
    throw new TerrariumError("TER_BUILD_AMBIGUOUS", {
      languages: present.map(({ name }) => name).join(", "),
    });
  throw new TerrariumError("TER_BUILD_NO_ENTRY", {
    expected: (hinted.length > 0 ? hinted : LANGUAGES).map(({ entry }) => entry).join(" or "),
  });
}

function isIn(files: ProjectFiles, { isEntry }: ListedLanguage): boolean {
  return files.keys().some(isEntry);
}
