// C.
import type { LanguageDescription } from "../language.ts";

export const c = {
  name: "c",
  label: "C",
  entry: "a .c file in src/",
  isEntry: (name) => /^src\/.*\.c$/.test(name),
  openFirst: ["src/main.c"],
  isBundled: true,
} as const satisfies LanguageDescription;
