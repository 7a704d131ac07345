// What counts as a module's size.
import { splitSections } from "../../wasm/reading/sections.ts";

/** DWARF, and the source map that the AssemblyScript build adds: kept for traps, and loaded by no request. */
const DEBUG_SECTION = /^(\.debug_|reloc\.\.debug_|terrarium:source-map$)/;

/** Bytes without debug sections. Throws TER_WASM_INVALID for bytes that are no module. */
export function sizeWithoutDebug(wasm: Uint8Array): number {
  const debug = splitSections(wasm).filter(({ name }) => name !== null && DEBUG_SECTION.test(name));
  return debug.reduce((size, { start, end }) => size - (end - start), wasm.length);
}
