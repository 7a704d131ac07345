// State of the compilers, for people: all except Rust come with the platform.
import {
  cratesText,
  isToolchainMissing,
  type RustState,
  sandboxText,
  toolchainText,
} from "../../languages/rust/index.ts";
import { LANGUAGES } from "../../languages/index.ts";
import type { LanguageState } from "../../api/index.ts";

/** Checking starts processes, and anybody may ask. */
const KEPT_MS = 30_000;
const BUNDLED: readonly LanguageState[] = LANGUAGES.filter(({ isBundled }) => isBundled).map(({ name }) => ({
  language: name,
  available: true,
  detail: "comes with Terrarium",
  fix: null,
}));

export interface LanguagesOptions {
  /** Checks what is installed for Rust. */
  readonly look: () => Promise<RustState>;
  /** Others than this machine's users can deploy here. */
  readonly requireSandbox: boolean;
  readonly now: () => number;
}

/** Creates the function that returns one row per language. Its result is kept for half a minute. */
export function createLanguages({
  look,
  requireSandbox,
  now,
}: LanguagesOptions): () => Promise<readonly LanguageState[]> {
  let seen: Promise<RustState> | null = null;
  let seenAtMs = 0;
  return async () => {
    if (seen === null || now() - seenAtMs >= KEPT_MS) {
      seen = look();
      seenAtMs = now();
      seen.catch(() => (seen = null));
    }
    return [...BUNDLED, rustLanguage(await seen, requireSandbox)];
  };
}

function rustLanguage(state: RustState, requireSandbox: boolean): LanguageState {
  const row = (
    available: boolean,
    { text, fix }: { readonly text: string; readonly fix: string | null },
  ): LanguageState => ({ language: "rust", available, detail: text, fix });
  if (isToolchainMissing(state.toolchain)) return row(false, toolchainText(state));
  if (requireSandbox && !state.hasSandbox) return row(false, sandboxText(state));
  return state.isPrepared ? row(true, toolchainText(state)) : row(true, cratesText(state));
}
