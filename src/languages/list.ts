// Every language that can be built. A new one is a folder next to this file, and a line here. The folder has
// `language.ts` (what the platform knows about it) and `compiler.ts` (which exports `createCompiler`). This
// file loads no compiler: the studio imports it too.
import { assemblyscript } from "./assemblyscript/language.ts";
import { c } from "./c/language.ts";
import type { LanguageDescription } from "./language.ts";
import { rust } from "./rust/language.ts";
import { wasm } from "./wasm/language.ts";
import { wat } from "./wat/language.ts";

/** In the order in which lists show them. A compiled module comes before its text. */
const LIST = [rust, c, assemblyscript, wasm, wat] as const satisfies readonly LanguageDescription[];

/** Name of a language. */
export type Language = (typeof LIST)[number]["name"];

/** A language of the list. */
export type ListedLanguage = LanguageDescription & { readonly name: Language };

/** All languages. */
export const LANGUAGES: readonly ListedLanguage[] = LIST;

/** Their names. */
export const LANGUAGE_NAMES: readonly Language[] = LIST.map(({ name }) => name);

/** The names as a sentence lists them: `rust, c or wat`. */
export const LANGUAGE_CHOICE = `${LANGUAGE_NAMES.slice(0, -1).join(", ")} or ${LANGUAGE_NAMES.at(-1)}`;

/** Name for people; a language that is not in the list keeps its own. */
export function languageLabel(name: string): string {
  return LANGUAGES.find((language) => language.name === name)?.label ?? name;
}
