// For tests: a module with all its state exported, an export `run`, and no imports but functions. What it
// imported of globals and tags it defines itself: imported ones come first in their index space, so no index
// moves.
import { ByteReader } from "../reading/byte-reader.ts";
import { ByteWriter } from "../writing/byte-writer.ts";
import type { ValueType } from "../layout.ts";
import type { ModuleModel } from "../reading/module-model.ts";
import { HEADER, SECTION, SECTION_ORDER } from "../reading/sections.ts";

/** Names of the added exports. */
export const STATE = { memory: "state:memory", table: "state:table:", global: "state:global:" };

const KIND = { function: 0, table: 1, memory: 2, global: 3 };
const ZERO: Readonly<Record<ValueType, readonly number[]>> = {
  i32: [0x7f, 0x41, 0],
  i64: [0x7e, 0x42, 0],
  f32: [0x7d, 0x43, 0, 0, 0, 0],
  f64: [0x7c, 0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  v128: [0x7b, 0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  funcref: [0x70, 0xd0, 0x70],
  externref: [0x6f, 0xd0, 0x6f],
  exnref: [0x69, 0xd0, 0x69],
};

/** The changed module; null if it imports a memory or table. */
export function exposeState(module: ModuleModel): Uint8Array<ArrayBuffer> | null {
  if (module.imports.some(({ kind }) => kind === "memory" || kind === "table")) return null;
  const out = new ByteWriter(module.bytes.length + 4096).bytes(HEADER);
  for (const id of SECTION_ORDER) {
    const contents = newContents(module, id);
    if (contents !== null) out.byte(id).unsigned(contents.length).bytes(contents);
  }
  return out.view();
}

function newContents(module: ModuleModel, id: number): Uint8Array | null {
  switch (id) {
    case SECTION.type:
      return grown(module, id, [], [[0x60, 0, 0]]);
    case SECTION.import:
      return functionImports(module);
    case SECTION.function:
      return grown(module, id, [], [new ByteWriter().unsigned(module.types.length).view()]);
    case SECTION.tag:
      return grown(module, id, importedTags(module), []);
    case SECTION.global:
      return grown(module, id, importedGlobals(module), []);
    case SECTION.export:
      return grown(module, id, [], stateExports(module));
    case SECTION.code:
      return grown(module, id, [], [[2, 0, 0x0b]]);
    default: {
      const section = module.sections.find((candidate) => candidate.id === id);
      return section === undefined ? null : module.bytes.subarray(section.start, section.end);
    }
  }
}

function grown(
  module: ModuleModel,
  id: number,
  before: readonly ArrayLike<number>[],
  after: readonly ArrayLike<number>[],
): Uint8Array | null {
  const section = module.sections.find((candidate) => candidate.id === id);
  const reader =
    section === undefined
      ? new ByteReader(Uint8Array.of(0))
      : new ByteReader(module.bytes, section.start, section.end);
  const count = reader.unsigned() + before.length + after.length;
  if (count === 0) return null;
  const out = new ByteWriter().unsigned(count);
  for (const entry of before) out.bytes(entry);
  out.copy(reader.bytes, reader.position, reader.end);
  for (const entry of after) out.bytes(entry);
  return out.view();
}

function functionImports(module: ModuleModel): Uint8Array | null {
  const functions = module.imports.filter(({ kind }) => kind === "function");
  if (functions.length === 0) return null;
  const out = new ByteWriter().unsigned(functions.length);
  for (const { module: from, name, type } of functions)
    out.name(from).name(name).byte(KIND.function).unsigned(type);
  return out.view();
}

function importedTags(module: ModuleModel): Uint8Array[] {
  return module.imports
    .filter(({ kind }) => kind === "tag")
    .map(({ type }) => new ByteWriter().byte(0).unsigned(type).view());
}

function importedGlobals(module: ModuleModel): Uint8Array[] {
  return module.globals
    .filter(({ imported }) => imported)
    .map(({ type, mutable }) => {
      const [byte, ...value] = ZERO[type];
      return new ByteWriter()
        .byte(byte ?? 0)
        .byte(mutable ? 1 : 0)
        .bytes(value)
        .byte(0x0b)
        .view();
    });
}

function stateExports(module: ModuleModel): Uint8Array[] {
  const entry = (name: string, kind: number, index: number): Uint8Array =>
    new ByteWriter().name(name).byte(kind).unsigned(index).view();
  const entries = [entry("run", KIND.function, module.functionTypes.length)];
  if (module.memories.length > 0) entries.push(entry(STATE.memory, KIND.memory, 0));
  module.tables.forEach((_table, index) => entries.push(entry(STATE.table + index, KIND.table, index)));
  module.globals.forEach(
    ({ mutable }, index) => mutable && entries.push(entry(STATE.global + index, KIND.global, index)),
  );
  return entries;
}
