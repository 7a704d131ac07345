// Which language a project is written in: by what its sender says, held against its files.
import { TerrariumError } from "../../errors/index.ts";
import type { Language } from "../../store/types.ts";
import type { ProjectFiles } from "../types.ts";

interface Entry {
  /** How an error names the entry file. */
  readonly expected: string;
  readonly isIn: (files: ProjectFiles) => boolean;
}

const ENTRIES: Readonly<Record<Language, Entry>> = {
  rust: {
    expected: "src/lib.rs or Cargo.toml",
    isIn: (files) => files.has("src/lib.rs") || files.has("Cargo.toml"),
  },
  c: {
    expected: "a .c file in src/",
    isIn: (files) => files.keys().some((name) => /^src\/.*\.c$/.test(name)),
  },
  assemblyscript: { expected: "assembly/index.ts", isIn: (files) => files.has("assembly/index.ts") },
  wasm: { expected: "module.wasm", isIn: (files) => files.has("module.wasm") },
  wat: { expected: "src/main.wat", isIn: (files) => files.has("src/main.wat") },
};

/** What a sender means by a word; `wasm` covers the text form too. */
const HINTS: ReadonlyMap<string, readonly Language[]> = new Map([
  ["rust", ["rust"]],
  ["c", ["c"]],
  ["assemblyscript", ["assemblyscript"]],
  ["wasm", ["wasm", "wat"]],
  ["wat", ["wat"]],
]);
const FAMILIES: readonly (readonly Language[])[] = [["rust"], ["c"], ["assemblyscript"], ["wasm", "wat"]];

/**
 * The language to build. `hint` is a guess of the client (null: none): where its entry file is missing and exactly one
 * other language's exists, that one is built. Throws TER_BUILD_NO_ENTRY or TER_BUILD_AMBIGUOUS.
 */
export function detectLanguage(files: ProjectFiles, hint: string | null): Language {
  const hinted = HINTS.get(hint ?? "") ?? [];
  const direct = hinted.find((language) => ENTRIES[language].isIn(files));
  if (direct !== undefined) return direct;
  const present = FAMILIES.map((family) => family.find((language) => ENTRIES[language].isIn(files))).filter(
    (language) => language !== undefined,
  );
  const [only] = present;
  if (only !== undefined && present.length === 1) return only;
  if (hinted.length === 0 && present.length > 1)
    throw new TerrariumError("TER_BUILD_AMBIGUOUS", { languages: present.join(", ") });
  throw new TerrariumError("TER_BUILD_NO_ENTRY", { expected: expectation(hinted) });
}

function expectation(hinted: readonly Language[]): string {
  const languages = hinted.length > 0 ? hinted : (Object.keys(ENTRIES) as Language[]);
  return languages.map((language) => ENTRIES[language].expected).join(" or ");
}
