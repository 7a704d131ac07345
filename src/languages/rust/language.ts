// Rust.
import type { LanguageDescription } from "../language.ts";

export const rust = {
  name: "rust",
  label: "Rust",
  entry: "src/lib.rs or Cargo.toml",
  isEntry: (name) => name === "src/lib.rs" || name === "Cargo.toml",
  openFirst: ["src/lib.rs"],
  isBundled: false,
} as const satisfies LanguageDescription;
