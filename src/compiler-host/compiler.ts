// The Compiler interface: a project goes in, a module (not yet rewritten) comes out, or diagnostics do.

import type { ProjectFiles } from "../project/files.ts";

/** One finding of a compiler. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "note";
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/**
 * Steps of a build as they happen; `output` is the compiler's text, `queuePosition` counts from 1 (next to be
 * built).
 */
export type BuildEvent =
  | { readonly kind: "queued"; readonly queuePosition: number }
  | { readonly kind: "phase"; readonly phase: "compile" | "check"; readonly label: string }
  | { readonly kind: "output"; readonly text: string };

/** A compiler's findings. Its text was sent as `output` events. */
export type CompileResult =
  | { readonly ok: true; readonly wasm: Uint8Array; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * One source language. The builder around it owns the queue (one compile per compiler at a time), the time
 * limit, the limit on output, and the cache.
 */
export interface Compiler {
  /** Versions and options that belong to the cache key. Asked once per build. */
  fingerprint(): Promise<string>;
  /** True for files that the compiler may read; the cache ignores the others. */
  reads(name: string): boolean;
  /** Rejects with the signal's reason once it is aborted; by then everything that ran for it has ended. */
  compile(files: ProjectFiles, options: CompileOptions): Promise<CompileResult>;
  /**
   * Source locations of byte offsets into a module with DWARF, whatever language it came from, inlined
   * callees first; absent in compilers that cannot tell.
   */
  symbolize?(
    wasm: Uint8Array,
    offsets: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly (readonly SourceFrame[])[]>;
  /** Gets ready, so that the first compile is fast. */
  prewarm(): Promise<void>;
  /** Ends all processes of this compiler. */
  close(): Promise<void>;
}

export interface CompileOptions {
  /** Extra compiler flags of the deploy request. */
  readonly flags: readonly string[];
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

/** One location in a source file. Lines and columns count from 1. */
export interface SourceFrame {
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}
