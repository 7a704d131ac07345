// Entries of the import, table, memory and global sections.
import type { ByteReader } from "./byte-reader.ts";
import { readConstantExpression } from "./constant-expression.ts";
import { EXTERNAL_KINDS } from "./module-model.ts";
import type { Bounds, ExternalKind, GlobalEntry, ImportEntry, TableEntry } from "./module-model.ts";
import type { Draft } from "./module-draft.ts";
import { readValueType, unsupported } from "./value-types.ts";

const LIMIT_FLAGS = { maximum: 1, shared: 2, wide: 4, pageSize: 8 };

/** Reads the limits of a memory or table. */
export function readBounds(reader: ByteReader): Bounds {
  const flags = reader.byte();
  if ((flags & LIMIT_FLAGS.pageSize) !== 0) throw unsupported("memories with pages of another size");
  if (flags >= 16) throw unsupported(`limits of an unknown kind (${flags})`);
  const wide = (flags & LIMIT_FLAGS.wide) !== 0;
  const minimum = reader.unsigned(wide ? 64 : 32);
  const maximum = (flags & LIMIT_FLAGS.maximum) === 0 ? null : reader.unsigned(wide ? 64 : 32);
  return { minimum, maximum, shared: (flags & LIMIT_FLAGS.shared) !== 0, wide };
}

/** Reads one import and enters what it adds to the index spaces. */
export function readExternalImport(draft: Draft, reader: ByteReader): ImportEntry {
  const start = reader.position;
  const module = reader.name();
  const name = reader.name();
  const kind = EXTERNAL_KINDS[reader.byte()];
  if (kind === undefined) throw unsupported("an import of an unknown kind");
  const type = enterImport(draft, kind, reader);
  return { module, name, kind, type, bytes: { start, end: reader.position } };
}

function enterImport(draft: Draft, kind: ExternalKind, reader: ByteReader): number {
  switch (kind) {
    case "function": {
      const type = reader.unsigned();
      draft.functionTypes.push(type);
      draft.importedFunctions++;
      return type;
    }
    case "table":
      draft.tables.push({
        type: readValueType(reader),
        bounds: readBounds(reader),
        imported: true,
        initial: null,
      });
      return -1;
    case "memory":
      draft.memories.push({ bounds: readBounds(reader), imported: true });
      return -1;
    case "global":
      draft.globals.push({
        type: readValueType(reader),
        mutable: reader.byte() === 1,
        imported: true,
        constant: null,
      });
      return -1;
    case "tag":
      reader.skip(1);
      draft.tags++;
      return reader.unsigned();
  }
}

/** Reads one table, with or without an expression for its elements. */
export function readTableEntry(draft: Draft, reader: ByteReader): TableEntry {
  const withInitial = reader.bytes[reader.position] === 0x40;
  if (withInitial) reader.skip(2);
  const type = readValueType(reader);
  const bounds = readBounds(reader);
  if (!withInitial) return { type, bounds, imported: false, initial: null };
  const start = reader.position;
  for (const index of readConstantExpression(reader).referenced) draft.referenced.add(index);
  return { type, bounds, imported: false, initial: { start, end: reader.position } };
}

/** Reads one global. */
export function readGlobalEntry(draft: Draft, reader: ByteReader): GlobalEntry {
  const type = readValueType(reader);
  const flags = reader.byte();
  if (flags > 1) throw unsupported("shared globals (threads)");
  const { constant, referenced } = readConstantExpression(reader);
  for (const index of referenced) draft.referenced.add(index);
  return { type, mutable: flags === 1, imported: false, constant: type === "i32" ? constant : null };
}
