// Which language a project is written in: what its sender says, checked against its files.
import { TerrariumError } from "../errors/index.ts";
import { type Language, LANGUAGES, type ListedLanguage } from "../languages/list.ts";
import type { ProjectFiles } from "../project/files.ts";

/** The languages that a sender may mean by a name: `wasm` includes the text format. */
function meantBy(hint: string): readonly ListedLanguage[] {
  return LANGUAGES.filter(({ name, family }) => name === hint || family === hint);
}

/** What is known of a project's language besides its files. */
export interface LanguageWish {
  /** What a person asked for, on the command line or in `terrarium.toml`: obeyed or refused. */
  readonly asked: string | null;
  /**
   * The client's guess. If its entry file is missing and exactly one other language's exists, that language
   * is built.
   */
  readonly hint: string | null;
}

/** The language to build. Throws TER_BUILD_NO_ENTRY or TER_BUILD_AMBIGUOUS. */
export function detectLanguage(files: ProjectFiles, { asked, hint }: LanguageWish): Language {
  const meant = asked ?? hint;
  const hinted = meant === null ? [] : meantBy(meant);
  const direct = hinted.find((language) => isIn(files, language));
  if (direct !== undefined) return direct.name;
  if (asked !== null) throw noEntry(hinted);
  const present = presentFamilies(files, hinted.length === 0);
  const [only] = present;
  if (only !== undefined && present.length === 1) return only.name;
  if (hinted.length === 0 && present.length > 1)
    throw new TerrariumError("TER_BUILD_AMBIGUOUS", {
      languages: present.map(({ name }) => name).join(", "),
    });
  throw noEntry(hinted);
}

/**
 * The languages whose entry files exist, one of each family. After a client's guess a compiled module comes
 * before its text, as clients of 2019 expect. Otherwise sources come before the compiled module that
 * `terrarium build` leaves beside them.
 */
function presentFamilies(files: ProjectFiles, sourcesFirst: boolean): readonly ListedLanguage[] {
  const present = LANGUAGES.filter((language) => isIn(files, language));
  if (sourcesFirst && present.length > 1) return present.filter(({ name }) => name !== "wasm");
  return present.filter(({ family }) => !present.some(({ name }) => name === family));
}

function noEntry(hinted: readonly ListedLanguage[]): TerrariumError {
  const expected = (hinted.length > 0 ? hinted : LANGUAGES).map(({ entry }) => entry).join(" or ");
  return new TerrariumError("TER_BUILD_NO_ENTRY", { expected });
}

function isIn(files: ProjectFiles, { isEntry }: ListedLanguage): boolean {
  return files.keys().some(isEntry);
}
