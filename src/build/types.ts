// The Compiler interface: a project goes in, a module (not yet rewritten) comes out, or diagnostics do.
import type { Language } from "../store/types.ts";

/** A project as it was uploaded: clean relative names with forward slashes, regular files only. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>;

/** One finding of a compiler. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "note";
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** Steps of a build as they happen; `output` is the compiler's own text. */
export type BuildEvent =
  | { readonly kind: "phase"; readonly phase: "compile" | "check" | "native"; readonly label: string }
  | { readonly kind: "output"; readonly text: string };

export type CompileResult =
  | { readonly ok: true; readonly wasm: Uint8Array; readonly diagnostics: readonly Diagnostic[]; readonly output: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly output: string };

/** One source language. */
export interface Compiler {
  readonly language: Language;
  /** Entry file by which a project of this language is known: `src/main.wat`. */
  readonly entry: string;
  /** Versions and options that belong to the cache key. */
  readonly fingerprint: string;
  compile(files: ProjectFiles, options: CompileOptions): Promise<CompileResult>;
}

export interface CompileOptions {
  /** Extra compiler flags of the deploy request. */
  readonly flags: readonly string[];
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}
