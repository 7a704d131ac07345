// AssemblyScript.
import type { LanguageDescription } from "../language.ts";

export const assemblyscript = {
  name: "assemblyscript",
  label: "AssemblyScript",
  entry: "assembly/index.ts",
  isEntry: (name) => name === "assembly/index.ts",
  openFirst: ["assembly/index.ts"],
  isBundled: true,
} as const satisfies LanguageDescription;
