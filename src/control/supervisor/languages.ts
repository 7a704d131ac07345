// State of the compilers, for people.
import type { Builder } from "../../build/index.ts";
import type { LanguageState } from "../api/platform.ts";

/** One row per language. */
export async function languageStates(_builder: Builder): Promise<LanguageState[]> {
  const bundled = ["wat", "wasm", "assemblyscript", "c"];
  return bundled.map((language) => ({ language, available: true, detail: "comes with Terrarium" }));
}
