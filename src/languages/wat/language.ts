// The WebAssembly text format.
import type { LanguageDescription } from "../language.ts";

export const wat = {
  name: "wat",
  family: "wasm",
  label: "WAT",
  entry: "src/main.wat",
  isEntry: (name) => name === "src/main.wat",
  openFirst: ["src/main.wat"],
  isBundled: true,
} as const satisfies LanguageDescription;
