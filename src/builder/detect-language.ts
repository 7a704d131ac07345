// Which language a project is written in: by what its sender says, held against its files.
import { TerrariumError } from "../errors/index.ts";
import { type Language, LANGUAGES, type ListedLanguage } from "../languages/list.ts";
import type { ProjectFiles } from "../project/files.ts";

/** The languages that a word of a sender's may mean: `wasm` covers the text form too. */
function meantBy(hint: string): readonly ListedLanguage[] {
  return LANGUAGES.filter(({ name, family }) => name === hint || family === hint);
}

/**
 * The language to build. `hint` is a guess of the client (null: none): where its entry file is missing and
 * exactly one other language's exists, that one is built. Throws TER_BUILD_NO_ENTRY or TER_BUILD_AMBIGUOUS.
 */
export function detectLanguage(files: ProjectFiles, hint: string | null): Language {
  const hinted = hint === null ? [] : meantBy(hint);
  const direct = hinted.find((language) => isIn(files, language));
  if (direct !== undefined) return direct.name;
  // Of one family, the first counts: a ready module goes before its text.
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
