// Decodes the value types of the accepted feature set, and refuses others by name.
import { TerrariumError } from "../../errors/index.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { FunctionType, ValueType } from "../layout.ts";

/** The byte of each value type. */
export const TYPE_BYTES = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
} as const satisfies Record<ValueType, number>;

const BY_BYTE = new Map<number, ValueType>(
  Object.entries(TYPE_BYTES).map(([type, byte]) => [byte, type as ValueType]),
);

/** Heap types between 0x65 and 0x78 that are not in `BY_BYTE`, with the proposal that introduced them. */
const FOREIGN: Readonly<Record<number, string>> = {
  0x78: "packed fields (GC)",
  0x77: "packed fields (GC)",
  0x75: "stack switching (continuation types)",
  0x68: "stack switching (continuation types)",
};

/** Refuses a module that is valid but uses something the platform does not accept. */
export function unsupported(feature: string): TerrariumError {
  return new TerrariumError("TER_WASM_UNSUPPORTED", { feature });
}

/** Reads a value type; reference types come back nullable, since only `exnref` may be written otherwise. */
export function readValueType(reader: ByteReader): ValueType {
  const byte = reader.byte();
  const known = BY_BYTE.get(byte);
  if (known !== undefined) return known;
  if (byte === 0x63 || byte === 0x64) return readHeapType(reader, byte === 0x64);
  throw foreignType(byte);
}

/** Reads the heap type of `ref.null` or `(ref ...)`. */
export function readHeapType(reader: ByteReader, nonNullable = false): ValueType {
  const byte = reader.byte();
  if (byte < 0x40 || byte >= 0x80) throw unsupported("typed function references");
  const known = BY_BYTE.get(byte);
  if (known === undefined || byte > 0x70) throw foreignType(byte);
  if (nonNullable && known !== "exnref") throw unsupported("typed function references (a type without null)");
  return known;
}

/** One line for people, and a key that is equal for equal types: `(i32 i32) -> (i64)`. */
export function describeFunctionType(type: FunctionType): string {
  return `(${type.params.join(" ")}) -> (${type.results.join(" ")})`;
}

function foreignType(byte: number): TerrariumError {
  return unsupported(FOREIGN[byte] ?? (byte === 0x65 ? "shared types (threads)" : "GC types"));
}
