// What a layout says about a module: sizes after clamping, what a run can change, and how memory is laid out.
import type { ModuleLimits } from "../checks/accept-module.ts";
import type { CodeSummary } from "../scanning/code-summary.ts";
import { ENGINE_NAMES, RESERVED_PREFIX } from "../layout.ts";
import type { GuestTable, MemoryMap, ModuleLayout, MutableGlobal, MutableState } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { readNames } from "../reading/names.ts";

const MAX_EXPORTED_GLOBALS = 256;
const PAGE_BYTES = 65_536;
const STACK_ALIGNMENT_BYTES = 16;

/** Memory 0 after clamping. */
export function clampMemory(module: ModuleModel, limits: ModuleLimits): ModuleLayout["memory"] {
  const bounds = module.memories[0]?.bounds;
  if (bounds === undefined) return null;
  return {
    initialPages: bounds.minimum,
    maximumPages: Math.min(bounds.maximum ?? limits.maxMemoryPages, limits.maxMemoryPages),
  };
}

/**
 * Tables after clamping: what the limit leaves beyond the initial sizes is shared evenly by those that may
 * grow.
 */
export function clampTables(module: ModuleModel, limits: ModuleLimits): GuestTable[] {
  const initial = module.tables.reduce((sum, table) => sum + table.bounds.minimum, 0);
  const growing = module.tables.filter(
    ({ bounds }) => bounds.maximum === null || bounds.maximum > bounds.minimum,
  ).length;
  const share = Math.floor((limits.maxTableEntries - initial) / Math.max(growing, 1));
  return module.tables.map(({ type, bounds }, index) => ({
    index,
    export: index === 0 ? ENGINE_NAMES.table : `${RESERVED_PREFIX}table:${index}`,
    type,
    initial: bounds.minimum,
    maximum: Math.min(bounds.maximum ?? Infinity, bounds.minimum + share),
  }));
}

/** What a run can change outside memory. */
export function describeMutableState(
  module: ModuleModel,
  summary: CodeSummary,
  tables: readonly GuestTable[],
): MutableState {
  return {
    globals: mutableGlobals(module),
    tables,
    writesTables: summary.writesTables,
    growsTables: summary.growsTables,
    growsMemory: summary.growsMemory,
    passiveData: module.data.filter((segment) => segment.mode === "passive").length,
    passiveElements: module.elements.filter((segment) => segment.mode === "passive").length,
    dropsSegments: summary.dropsSegments,
  };
}

function mutableGlobals(module: ModuleModel): MutableGlobal[] | null {
  const globals = module.globals.flatMap(({ mutable, type }, index) =>
    mutable ? [{ index, export: `${RESERVED_PREFIX}global:${index}`, type }] : [],
  );
  return globals.length > MAX_EXPORTED_GLOBALS ? null : globals;
}

/** Where data, stack and heap lie, as far as constants and names tell. */
export function describeMemory(module: ModuleModel): MemoryMap {
  const names = readNames(module.bytes, "globals");
  return {
    data: dataExtents(module),
    stackPointer: stackPointer(module, names),
    heapBase: namedConstant(module, names, "__heap_base"),
    dataEnd: namedConstant(module, names, "__data_end"),
  };
}

function dataExtents(module: ModuleModel): { start: number; end: number }[] | null {
  const active = module.data.filter(
    (segment) => segment.mode === "active" && segment.bytes.end > segment.bytes.start,
  );
  const extents: { start: number; end: number }[] = [];
  for (const { address, bytes } of active) {
    if (address === null) return null;
    extents.push({ start: address, end: address + bytes.end - bytes.start });
  }
  return merge(extents.sort((left, right) => left.start - right.start));
}

function merge(sorted: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = [];
  for (const extent of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && extent.start <= last.end) last.end = Math.max(last.end, extent.end);
    else merged.push({ ...extent });
  }
  return merged;
}

function stackPointer(module: ModuleModel, names: ReadonlyMap<number, string>): MemoryMap["stackPointer"] {
  const named = indexByName(module, names, "__stack_pointer");
  const index = named ?? 0;
  const global = module.globals[index];
  if (global === undefined || !global.mutable || global.constant === null) return null;
  const initial = global.constant >>> 0;
  const memoryBytes = (module.memories[0]?.bounds.minimum ?? 0) * PAGE_BYTES;
  const plausible = initial > 0 && initial <= memoryBytes && initial % STACK_ALIGNMENT_BYTES === 0;
  return named !== null || plausible ? { global: index, initial, named: named !== null } : null;
}

function namedConstant(module: ModuleModel, names: ReadonlyMap<number, string>, name: string): number | null {
  const global = module.globals[indexByName(module, names, name) ?? -1];
  return global === undefined || global.mutable || global.constant === null ? null : global.constant >>> 0;
}

function indexByName(module: ModuleModel, names: ReadonlyMap<number, string>, name: string): number | null {
  const exported = module.exports.find((entry) => entry.kind === "global" && entry.name === name);
  if (exported !== undefined) return exported.index;
  for (const [index, candidate] of names) if (candidate === name) return index;
  return null;
}
