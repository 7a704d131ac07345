// What the rewriter tells the engine about a module. Plain JSON: it is stored with the artifact.

/** Number and reference types as the binary format names them. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref" | "exnref";

/** A function that the module imports from the platform. */
export interface HostImport {
  readonly module: "env" | "wasi_snapshot_preview1";
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Module name under which a rewritten module imports what the engine supplies. Guests cannot import from it. */
export const ENGINE_MODULE = "terrarium";

/** Names below `ENGINE_MODULE` (imports) and reserved exports of a rewritten module. */
export const ENGINE_NAMES = {
  /** Import: memory 0, from the engine's pool. Only if `layout.memory` is set. */
  memory: "memory",
  /** Import: the shared memory that holds the kill word at byte 0. Only if `layout.interruptible`. */
  kill: "kill",
  /** Export: table 0. Only if `layout.table` is set. */
  table: "terrarium:table",
  /** Export: the former start function. Only if `layout.start`. */
  start: "terrarium:start",
} as const;

/** Facts of a rewritten module. */
export interface ModuleLayout {
  readonly version: 1;
  /** Functions to supply, without duplicates. */
  readonly hostImports: readonly HostImport[];
  /** Memory 0 in pages of 64 KiB, already clamped; null if the module has none. */
  readonly memory: { readonly initialPages: number; readonly maximumPages: number } | null;
  /** Table 0 in entries, already clamped; null if the module has none. */
  readonly table: { readonly initial: number; readonly maximum: number } | null;
  /** The module had a start function; call the export `ENGINE_NAMES.start` first. */
  readonly start: boolean;
  /** The module exports `_initialize` (a WASI reactor); call it after start, before `run`. */
  readonly initialize: boolean;
  /** Loops and recursion read the kill word. */
  readonly interruptible: boolean;
  /** Number of functions, bytes of code and data, for people. */
  readonly size: { readonly functions: number; readonly codeBytes: number; readonly dataBytes: number };
}
