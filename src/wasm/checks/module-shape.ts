// What a module may consist of. V8 accepts a million of everything; each of them costs memory in every edge,
// and time at a load, at a fresh state or in an error page.
import { TerrariumError } from "../../errors/index.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { showName } from "../reading/names.ts";

/** Most of each: several times what compilers emit for the largest programs that were tried. */
export const MOST_PARTS = {
  functions: 200_000,
  types: 50_000,
  imports: 1000,
  exports: 10_000,
  globals: 20_000,
  tables: 100,
  "element segments": 128,
  // Each is written for every new instance, at some 60 ns.
  "entries in element segments": 100_000,
  // A small program of Go has 30,748. This is V8's own limit.
  "data segments": 100_000,
  tags: 1000,
  "custom sections": 1000,
} as const;

/** Of an import or export; C++ makes the longest names. */
export const LONGEST_NAME = 4096;

/** Throws TER_WASM_TOO_MANY_PARTS or TER_WASM_NAME_TOO_LONG. */
export function checkShape(module: ModuleModel): void {
  const parts: Record<keyof typeof MOST_PARTS, number> = {
    functions: module.functionTypes.length,
    types: module.types.length,
    imports: module.imports.length,
    exports: module.exports.length,
    globals: module.globals.length,
    tables: module.tables.length,
    "element segments": module.elements.length,
    "entries in element segments": module.elements.reduce((sum, { count }) => sum + count, 0),
    "data segments": module.data.length,
    tags: module.tags,
    "custom sections": module.sections.filter(({ name }) => name !== null).length,
  };
  for (const [what, used] of Object.entries(parts) as [keyof typeof MOST_PARTS, number][])
    if (used > MOST_PARTS[what])
      throw new TerrariumError("TER_WASM_TOO_MANY_PARTS", { what, used, allowed: MOST_PARTS[what] });
  const names = [...module.exports, ...module.imports].flatMap((entry) =>
    "module" in entry ? [entry.name, entry.module] : [entry.name],
  );
  const long = names.find((name) => name.length > LONGEST_NAME);
  if (long !== undefined)
    throw new TerrariumError("TER_WASM_NAME_TOO_LONG", {
      name: showName(long),
      used: long.length,
      allowed: LONGEST_NAME,
    });
}
