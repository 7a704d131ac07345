// What the rewriter tells the engine about a module. Plain JSON: it is stored with the artifact.

/** Number and reference types as the binary format names them. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref" | "exnref";

/** Parameters and results of a function. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function that the module imports from the platform. */
export interface HostImport extends FunctionType {
  readonly module: "env" | "wasi_snapshot_preview1";
  readonly name: string;
}

/**
 * Module name under which a rewritten module imports what the engine supplies. Guests cannot import from it.
 */
export const ENGINE_MODULE = "terrarium";

/** Prefix of every export name that the rewriter adds. Guests cannot export names with this prefix. */
export const RESERVED_PREFIX = "terrarium:";

/** Names below `ENGINE_MODULE` (imports) and reserved exports of a rewritten module. */
export const ENGINE_NAMES = {
  /** Import: memory 0, from the engine's pool. Only if `layout.memory` is set. */
  memory: "memory",
  /**
   * Import: the shared memory (1 page, maximum 1) that holds the kill word, an i32 at byte 0. The guest traps
   * with `unreachable` at its next check while the word is negative. Only if `layout.interruptible`.
   */
  kill: "kill",
  /** Export: table 0. Only if `layout.table` is set. */
  table: "terrarium:table",
  /** Export: the former start function. Only if `layout.start`. */
  start: "terrarium:start",
  /**
   * Export: a mutable i64 global that records the last refused growth, if the code grows memory or tables. 0:
   * none; otherwise the upper half is 1 for memory or 2 + the index of the table, and the lower half is the
   * number of pages or entries requested. An upper half of 0x7fffffff: there was no room for a stack frame.
   */
  refusedGrowth: "terrarium:refused-growth",
} as const;

/** A mutable global, exported so that the engine can save and restore it. */
export interface MutableGlobal {
  readonly index: number;
  /** Reserved export name. JavaScript cannot read or write a `v128` or `exnref` global. */
  readonly export: string;
  readonly type: ValueType;
}

/** A table, exported so that the engine can save and restore it. */
export interface GuestTable {
  readonly index: number;
  /** Reserved export name (`ENGINE_NAMES.table` for table 0). */
  readonly export: string;
  readonly type: ValueType;
  readonly initial: number;
  /** Already clamped. */
  readonly maximum: number;
}

/**
 * What a run of the module can change, by static analysis, and so what must be restored before reusing an
 * instance.
 */
export interface MutableState {
  /** Null if there are more than the rewriter exports (256): such an instance cannot be reused. */
  readonly globals: readonly MutableGlobal[] | null;
  readonly tables: readonly GuestTable[];
  /** Some code has `table.set`, `table.fill`, `table.copy`, `table.init` or `table.grow`. */
  readonly writesTables: boolean;
  /** Some code has `table.grow`. */
  readonly growsTables: boolean;
  /** Some code has `memory.grow`. */
  readonly growsMemory: boolean;
  /** Passive data segments; their number matters only together with `dropsSegments`. */
  readonly passiveData: number;
  /** Passive element segments. */
  readonly passiveElements: number;
  /** Some code has `data.drop` or `elem.drop`, which nothing can undo in a live instance. */
  readonly dropsSegments: boolean;
}

/** Where things are in memory 0, as far as the module says. Only hints: a guest may write anywhere. */
export interface MemoryMap {
  /** Extents of active data segments, sorted and merged, in bytes; null if some offset is not a constant. */
  readonly data: readonly { readonly start: number; readonly end: number }[] | null;
  /**
   * The shadow stack's pointer: named so, or by the convention of clang and rustc (global 0, mutable i32).
   */
  readonly stackPointer: {
    readonly global: number;
    readonly initial: number;
    readonly named: boolean;
  } | null;
  /** Value of `__heap_base`, if the module names it. */
  readonly heapBase: number | null;
  /** Value of `__data_end`, if the module names it. */
  readonly dataEnd: number | null;
}

/** Describes a rewritten module. */
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
  /** The guest's frames never take more stack than this, in bytes; null if functions can recurse. */
  readonly stackBytes: number | null;
  /** How many checks of the kill word were inserted. */
  readonly checks: number;
  readonly mutable: MutableState;
  readonly memoryMap: MemoryMap;
}
