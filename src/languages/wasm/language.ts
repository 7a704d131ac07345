// A compiled module from any toolchain.
import type { LanguageDescription } from "../language.ts";

export const wasm = {
  name: "wasm",
  label: "Wasm",
  entry: "module.wasm",
  isEntry: (name) => name === "module.wasm",
  openFirst: [],
  isBundled: true,
} as const satisfies LanguageDescription;
