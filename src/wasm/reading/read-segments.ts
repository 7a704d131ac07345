// Entries of the element and data sections.
import type { ByteReader } from "./byte-reader.ts";
import { readConstantExpression } from "./constant-expression.ts";
import type { DataSegment, ElementSegment, SegmentMode } from "./module-model.ts";
import type { Draft } from "./module-draft.ts";
import { readValueType, unsupported } from "./value-types.ts";

// Bits of an element segment's flags.
const NOT_ACTIVE = 1;
const EXPLICIT = 2;
const EXPRESSIONS = 4;

/** Reads one element segment; the functions it names count as referenced. */
export function readElementSegment(draft: Draft, reader: ByteReader): ElementSegment {
  const flags = reader.unsigned();
  if (flags > 7) throw unsupported(`an element segment of an unknown kind (${flags})`);
  const mode = elementMode(flags);
  const table = mode === "active" && (flags & EXPLICIT) !== 0 ? reader.unsigned() : 0;
  if (mode === "active") readConstantExpression(reader);
  if ((flags & (NOT_ACTIVE | EXPLICIT)) !== 0) readElementKind(reader, (flags & EXPRESSIONS) !== 0);
  const read =
    (flags & EXPRESSIONS) === 0 ? () => [reader.unsigned()] : () => readConstantExpression(reader).referenced;
  const entries = reader.vector(read);
  for (const referenced of entries) for (const index of referenced) draft.referenced.add(index);
  return { mode, table, count: entries.length };
}

function elementMode(flags: number): SegmentMode {
  if ((flags & NOT_ACTIVE) === 0) return "active";
  return (flags & EXPLICIT) === 0 ? "passive" : "declared";
}

function readElementKind(reader: ByteReader, typed: boolean): void {
  if (typed) readValueType(reader);
  else if (reader.byte() !== 0) throw unsupported("an element segment of an unknown element kind");
}

/** Reads one data segment. */
export function readDataSegment(_draft: Draft, reader: ByteReader): DataSegment {
  const flags = reader.unsigned();
  if (flags > 2) throw unsupported(`a data segment of an unknown kind (${flags})`);
  if (flags === 2) reader.unsigned();
  const address = flags === 1 ? null : readConstantExpression(reader).constant;
  const size = reader.unsigned();
  const start = reader.position;
  reader.skip(size);
  const bytes = { start, end: reader.position };
  return {
    mode: flags === 1 ? "passive" : "active",
    address: address === null ? null : address >>> 0,
    bytes,
  };
}
