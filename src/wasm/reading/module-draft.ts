// The module model while its sections are being read.
import type { FunctionType } from "../layout.ts";
import type {
  DataSegment,
  ElementSegment,
  ExportEntry,
  GlobalEntry,
  ImportEntry,
  MemoryEntry,
  Range,
  TableEntry,
} from "./module-model.ts";
import { splitSections, type Section } from "./sections.ts";

/** What the section readers fill in. */
export interface Draft {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  types: FunctionType[];
  imports: ImportEntry[];
  importedFunctions: number;
  functionTypes: number[];
  tables: TableEntry[];
  memories: MemoryEntry[];
  globals: GlobalEntry[];
  tags: number;
  exports: ExportEntry[];
  start: number | null;
  elements: ElementSegment[];
  data: DataSegment[];
  bodies: Range[];
  readonly referenced: Set<number>;
}

/** A draft of a module without any contents. */
export function emptyDraft(bytes: Uint8Array): Draft {
  return {
    bytes,
    sections: splitSections(bytes),
    types: [],
    imports: [],
    importedFunctions: 0,
    functionTypes: [],
    tables: [],
    memories: [],
    globals: [],
    tags: 0,
    exports: [],
    start: null,
    elements: [],
    data: [],
    bodies: [],
    referenced: new Set(),
  };
}
