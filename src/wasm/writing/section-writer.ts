// Writes every section but the code: as it was, or with what the rewriter adds or clamps.
import { ByteReader } from "../reading/byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { DEEP_STACK_GLOBAL } from "./deep-stack.ts";
import { NOTE_GLOBAL, noteIndex } from "./growth-functions.ts";
import type { KillMemory } from "./kill-check.ts";
import { ENGINE_MODULE, ENGINE_NAMES, type FunctionType, type ModuleLayout } from "../layout.ts";
import type { ModuleModel, TableEntry } from "../reading/module-model.ts";
import { SECTION } from "../reading/sections.ts";
import { TYPE_BYTES, describeFunctionType } from "../reading/value-types.ts";

/** Type of the injected functions for bulk operations. */
export const BULK_TYPE: FunctionType = { params: ["i32", "i32", "i32"], results: [] };
/** Type of the injected function that calls an imported start function. */
export const START_TYPE: FunctionType = { params: [], results: [] };

const KIND = { function: 0, table: 1, memory: 2, global: 3 };
/** Limits of the kill memory: shared, one page, never more. */
const KILL_LIMITS = [0x03, 0x01, 0x01];

/** What the new sections are made of. */
export interface SectionPlan {
  readonly module: ModuleModel;
  readonly layout: ModuleLayout;
  readonly kill: KillMemory | null;
  /** Types of the functions appended to the index space, in order. */
  readonly injectedTypes: readonly FunctionType[];
  /** Function to export as the start function. */
  readonly startFunction: number | null;
  readonly hasDeepStack: boolean;
}

/** Knows the new contents of each section. */
export class SectionWriter {
  private readonly plan: SectionPlan;
  private readonly injectedTypeIndices: readonly number[];
  private readonly newTypes: readonly FunctionType[];

  constructor(plan: SectionPlan) {
    this.plan = plan;
    const newTypes: FunctionType[] = [];
    this.injectedTypeIndices = plan.injectedTypes.map((type) => this.typeIndex(type, newTypes));
    this.newTypes = newTypes;
  }

  /** Contents of a section; null or empty if the new module has none. */
  contents(id: number): Uint8Array | null {
    switch (id) {
      case SECTION.type:
        return this.extended(id, this.newTypes.map(writeFunctionType));
      case SECTION.import:
        return this.imports();
      case SECTION.function:
        return this.extended(
          id,
          this.injectedTypeIndices.map((index) => new ByteWriter(8).unsigned(index).view()),
        );
      case SECTION.table:
        return this.tables();
      case SECTION.export:
        return this.extended(id, this.engineExports());
      case SECTION.global:
        return this.extended(id, this.engineGlobals());
      case SECTION.memory:
      case SECTION.start:
        return null;
      default:
        return this.original(id);
    }
  }

  /** `deep-stack.ts` relies on their order. */
  private engineGlobals(): Uint8Array[] {
    if (!this.notesGrowth) return [];
    return this.plan.hasDeepStack ? [NOTE_GLOBAL, DEEP_STACK_GLOBAL] : [NOTE_GLOBAL];
  }

  private get notesGrowth(): boolean {
    const { growsMemory, growsTables } = this.plan.layout.mutable;
    return growsMemory || growsTables;
  }

  private typeIndex(type: FunctionType, added: FunctionType[]): number {
    const { types } = this.plan.module;
    const key = describeFunctionType(type);
    const known = [...types, ...added].findIndex((candidate) => describeFunctionType(candidate) === key);
    return known >= 0 ? known : types.length + added.push(type) - 1;
  }

  private original(id: number): Uint8Array | null {
    const { bytes, sections } = this.plan.module;
    const section = sections.find((candidate) => candidate.id === id);
    return section === undefined ? null : bytes.subarray(section.start, section.end);
  }

  /** A section that is a vector, with entries added at its end. */
  private extended(id: number, entries: readonly Uint8Array[]): Uint8Array | null {
    const original = this.original(id);
    if (entries.length === 0) return original;
    const reader = new ByteReader(original ?? Uint8Array.of(0));
    const count = reader.unsigned();
    const out = new ByteWriter((original?.length ?? 0) + entries.length * 64);
    out.unsigned(count + entries.length).copy(reader.bytes, reader.position, reader.end);
    for (const entry of entries) out.bytes(entry);
    return out.view();
  }

  /** Imports of functions, and the engine's. A memory that the module imports is the engine's, a table is its own. */
  private imports(): Uint8Array | null {
    const { bytes, imports } = this.plan.module;
    const kept = imports.filter(({ kind }) => kind === "function");
    const engine = this.engineImports();
    if (kept.length + engine.length === 0) return null;
    const out = new ByteWriter(kept.length * 32 + 64).unsigned(kept.length + engine.length);
    for (const entry of kept) out.copy(bytes, entry.bytes.start, entry.bytes.end);
    for (const entry of engine) out.bytes(entry);
    return out.view();
  }

  private engineImports(): Uint8Array[] {
    const { layout, kill } = this.plan;
    const imports: Uint8Array[] = [];
    if (layout.memory !== null) {
      const limits = new ByteWriter(16)
        .byte(1)
        .unsigned(layout.memory.initialPages)
        .unsigned(layout.memory.maximumPages);
      imports.push(writeMemoryImport(ENGINE_NAMES.memory, limits.view()));
    }
    if (kill !== null) imports.push(writeMemoryImport(ENGINE_NAMES.kill, KILL_LIMITS));
    return imports;
  }

  private engineExports(): Uint8Array[] {
    const { mutable } = this.plan.layout;
    const exports = mutable.tables.map((table) => writeExport(table.export, KIND.table, table.index));
    for (const global of mutable.globals ?? [])
      exports.push(writeExport(global.export, KIND.global, global.index));
    const { startFunction, module } = this.plan;
    if (this.notesGrowth)
      exports.push(writeExport(ENGINE_NAMES.refusedGrowth, KIND.global, noteIndex(module)));
    if (startFunction !== null) exports.push(writeExport(ENGINE_NAMES.start, KIND.function, startFunction));
    return exports;
  }

  private tables(): Uint8Array | null {
    const { module, layout } = this.plan;
    if (module.tables.length === 0) return null;
    const out = new ByteWriter().unsigned(module.tables.length);
    module.tables.forEach((table, index) =>
      this.writeTable(out, table, layout.mutable.tables[index]?.maximum ?? 0),
    );
    return out.view();
  }

  private writeTable(out: ByteWriter, table: TableEntry, maximum: number): void {
    if (table.initial !== null) out.bytes([0x40, 0x00]);
    out.byte(TYPE_BYTES[table.type]).byte(1).unsigned(table.bounds.minimum).unsigned(maximum);
    if (table.initial !== null) out.copy(this.plan.module.bytes, table.initial.start, table.initial.end);
  }
}

function writeFunctionType(type: FunctionType): Uint8Array {
  const out = new ByteWriter(16).byte(0x60);
  for (const list of [type.params, type.results]) {
    out.unsigned(list.length);
    for (const value of list) out.byte(TYPE_BYTES[value]);
  }
  return out.view();
}

function writeMemoryImport(name: string, limits: ArrayLike<number>): Uint8Array {
  return new ByteWriter(32).name(ENGINE_MODULE).name(name).byte(KIND.memory).bytes(limits).view();
}

function writeExport(name: string, kind: number, index: number): Uint8Array {
  return new ByteWriter(32).name(name).byte(kind).unsigned(index).view();
}
