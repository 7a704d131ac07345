// Reads every section except the code inside function bodies.
import { ByteReader } from "./byte-reader.ts";
import { readExternalImport, readGlobalEntry, readBounds, readTableEntry } from "./read-externals.ts";
import { readDataSegment, readElementSegment } from "./read-segments.ts";
import { EXTERNAL_KINDS } from "./module-model.ts";
import { emptyDraft, type Draft } from "./module-draft.ts";
import type { ExportEntry, ModuleModel, Range } from "./module-model.ts";
import type { FunctionType } from "../layout.ts";
import { SECTION } from "./sections.ts";
import { readValueType, unsupported } from "./value-types.ts";

/**
 * Reads a module. Throws TER_WASM_INVALID for bytes that are not a module and TER_WASM_UNSUPPORTED for
 * features that are not accepted. It does not validate; V8 does.
 */
export function readModule(bytes: Uint8Array): ModuleModel {
  const draft = emptyDraft(bytes);
  for (const section of draft.sections) {
    if (section.id === SECTION.custom) continue;
    const reader = new ByteReader(bytes, section.start, section.end);
    readSection(draft, section.id, reader);
    if (!reader.done) throw reader.malformed("has bytes left over at the end of a section");
  }
  return draft;
}

function readSection(draft: Draft, id: number, reader: ByteReader): void {
  switch (id) {
    case SECTION.type:
      draft.types = reader.vector(() => readFunctionType(reader));
      return;
    case SECTION.import:
      draft.imports = reader.vector(() => readExternalImport(draft, reader));
      return;
    case SECTION.function:
      for (const type of reader.vector(() => reader.unsigned())) draft.functionTypes.push(type);
      return;
    case SECTION.table:
      for (const table of reader.vector(() => readTableEntry(draft, reader))) draft.tables.push(table);
      return;
    case SECTION.memory:
      for (const bounds of reader.vector(() => readBounds(reader)))
        draft.memories.push({ bounds, imported: false });
      return;
    case SECTION.tag:
      draft.tags += reader.vector(() => readTag(reader)).length;
      return;
    case SECTION.global:
      for (const global of reader.vector(() => readGlobalEntry(draft, reader))) draft.globals.push(global);
      return;
    default:
      readLaterSection(draft, id, reader);
  }
}

function readLaterSection(draft: Draft, id: number, reader: ByteReader): void {
  switch (id) {
    case SECTION.export:
      draft.exports = reader.vector(() => readExport(reader));
      return;
    case SECTION.start:
      draft.start = reader.unsigned();
      return;
    case SECTION.element:
      draft.elements = reader.vector(() => readElementSegment(draft, reader));
      return;
    case SECTION.dataCount:
      reader.unsigned();
      return;
    case SECTION.code:
      draft.bodies = reader.vector(() => readBodyRange(reader));
      return;
    case SECTION.data:
      draft.data = reader.vector(() => readDataSegment(draft, reader));
      return;
    default:
      throw unsupported(`a section with the unknown id ${id}`);
  }
}

function readFunctionType(reader: ByteReader): FunctionType {
  const form = reader.byte();
  if (form === 0x5d) throw unsupported("stack switching (continuation types)");
  if (form === 0x65) throw unsupported("shared types (threads)");
  if (form !== 0x60) throw unsupported("GC types");
  return {
    params: reader.vector(() => readValueType(reader)),
    results: reader.vector(() => readValueType(reader)),
  };
}

function readTag(reader: ByteReader): number {
  reader.byte();
  return reader.unsigned();
}

function readExport(reader: ByteReader): ExportEntry {
  const name = reader.name();
  const kind = EXTERNAL_KINDS[reader.byte()];
  if (kind === undefined) throw unsupported("an export of an unknown kind");
  return { name, kind, index: reader.unsigned() };
}

function readBodyRange(reader: ByteReader): Range {
  const size = reader.unsigned();
  const start = reader.position;
  reader.skip(size);
  return { start, end: reader.position };
}
