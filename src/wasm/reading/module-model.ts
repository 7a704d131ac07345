// A parsed module: what the rewriter and the inspector need from each section. Function bodies stay bytes.
import type { FunctionType, ValueType } from "../layout.ts";
import type { Section } from "./sections.ts";

/** Kinds of imports and exports, in the order of the binary format. */
export const EXTERNAL_KINDS = ["function", "table", "memory", "global", "tag"] as const;

export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

/** A half-open range of bytes of the module. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Size bounds of a memory (pages) or table (entries). */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number | null;
  readonly shared: boolean;
  readonly wide: boolean;
}

export interface ImportEntry {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  /** Type index of a function or tag, otherwise -1. */
  readonly type: number;
  /** The entry's own bytes. */
  readonly bytes: Range;
}

export interface TableEntry {
  readonly type: ValueType;
  readonly bounds: Bounds;
  readonly imported: boolean;
  /** Expression for the initial elements, or null. */
  readonly initial: Range | null;
}

export interface MemoryEntry {
  readonly bounds: Bounds;
  readonly imported: boolean;
}

export interface GlobalEntry {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly imported: boolean;
  /** Value, if it is a plain i32 constant. */
  readonly constant: number | null;
}

export interface ExportEntry {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

export type SegmentMode = "active" | "passive" | "declared";

export interface ElementSegment {
  readonly mode: SegmentMode;
  readonly table: number;
  readonly count: number;
}

export interface DataSegment {
  readonly mode: SegmentMode;
  /** Start address, if active and a plain constant. */
  readonly address: number | null;
  readonly bytes: Range;
}

/** Everything outside function bodies. */
export interface ModuleModel {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportEntry[];
  readonly importedFunctions: number;
  /** Type index of each function, imported ones first. */
  readonly functionTypes: readonly number[];
  readonly tables: readonly TableEntry[];
  readonly memories: readonly MemoryEntry[];
  readonly globals: readonly GlobalEntry[];
  readonly tags: number;
  readonly exports: readonly ExportEntry[];
  readonly start: number | null;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  /** Body of each defined function: locals and code, without the size. */
  readonly bodies: readonly Range[];
  /** Functions whose reference can get into a table: in element segments, `ref.func` outside bodies. */
  readonly referenced: ReadonlySet<number>;
}
