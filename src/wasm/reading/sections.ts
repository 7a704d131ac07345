// The outer structure of a module: a header and a sequence of sections.
import { TerrariumError } from "../../errors/index.ts";
import { ByteReader } from "./byte-reader.ts";

/** Section ids of the binary format. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order of sections in a module, without custom sections. */
export const SECTION_ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Bytes before the first section: magic and version. */
export const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** One section. `start` and `end` bound its contents (for custom sections: what follows the name). */
export interface Section {
  readonly id: number;
  /** Set for custom sections only. */
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
}

/** Name of a section for people. */
export function sectionTitle(section: Section): string {
  if (section.name !== null) return section.name;
  return Object.entries(SECTION).find(([, id]) => id === section.id)?.[0] ?? `section ${section.id}`;
}

/** Splits a module. Throws TER_WASM_INVALID for anything that is not a sequence of sections. */
export function splitSections(bytes: Uint8Array): Section[] {
  checkHeader(bytes);
  const reader = new ByteReader(bytes, HEADER.length);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.unsigned();
    const start = reader.position;
    reader.skip(size);
    sections.push(
      id === SECTION.custom
        ? customSectionAt(bytes, start, reader.position)
        : { id, name: null, start, end: reader.position },
    );
  }
  return sections;
}

/** Contents of the first custom section of that name, or null. */
export function customSection(bytes: Uint8Array, name: string): Uint8Array | null {
  const found = splitSections(bytes).find((section) => section.name === name);
  return found === undefined ? null : bytes.subarray(found.start, found.end);
}

function customSectionAt(bytes: Uint8Array, start: number, end: number): Section {
  const reader = new ByteReader(bytes, start, end);
  const name = reader.name();
  return { id: SECTION.custom, name, start: reader.position, end };
}

function checkHeader(bytes: Uint8Array): void {
  const component = bytes.length >= 8 && bytes[4] === 0x0d;
  if (HEADER.every((byte, index) => bytes[index] === byte)) return;
  if (component && HEADER.subarray(0, 4).every((byte, index) => bytes[index] === byte)) {
    throw new TerrariumError("TER_WASM_UNSUPPORTED", {
      feature: "the component model (deploy the core module)",
    });
  }
  throw new TerrariumError("TER_WASM_INVALID", {
    reason: "it does not start with the bytes 00 61 73 6d 01 00 00 00",
  });
}
