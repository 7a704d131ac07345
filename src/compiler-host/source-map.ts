// Source maps (ECMA-426) of modules that have no DWARF: kept in a custom section of the module, so that
// locations can be found as long as the module exists.
import { customSection } from "../wasm/reading/sections.ts";
import { appendCustomSection } from "../wasm/writing/custom-section.ts";
import type { SourceFrame } from "./compiler.ts";

const SECTION = "terrarium:source-map";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

interface Mapping {
  readonly offset: number;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

interface StoredMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/**
 * The module with the map (JSON text) in a custom section, without the sources' text. An empty text adds
 * nothing.
 */
export function appendSourceMap(wasm: Uint8Array, json: string): Uint8Array {
  if (json === "") return wasm;
  const { sources, mappings } = JSON.parse(json) as StoredMap;
  return appendCustomSection(wasm, SECTION, Buffer.from(JSON.stringify({ version: 3, sources, mappings })));
}

/** Source locations of offsets into the module; null if it has no such section. */
export function lookUpSourceMap(wasm: Uint8Array, offsets: readonly number[]): SourceFrame[][] | null {
  const stored = findMap(wasm);
  if (stored === null) return null;
  const mappings = decodeMappings(stored.mappings);
  return offsets.map((offset) => {
    const mapping = mappings.findLast((candidate) => candidate.offset <= offset);
    if (mapping === undefined) return [];
    return [
      {
        functionName: null,
        file: stored.sources[mapping.source] ?? null,
        line: mapping.line + 1,
        column: mapping.column + 1,
      },
    ];
  });
}

function findMap(wasm: Uint8Array): StoredMap | null {
  const contents = customSection(wasm, SECTION);
  return contents === null ? null : (JSON.parse(Buffer.from(contents).toString()) as StoredMap);
}

/** A module's map is one line whose columns are byte offsets; each segment is relative to the one before. */
function decodeMappings(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  let [offset, source, line, column] = [0, 0, 0, 0];
  for (const segment of text.split(",")) {
    const [offsetStep = 0, sourceStep, lineStep = 0, columnStep = 0] = decodeVlq(segment);
    offset += offsetStep;
    if (sourceStep === undefined) continue;
    source += sourceStep;
    line += lineStep;
    column += columnStep;
    mappings.push({ offset, source, line, column });
  }
  return mappings;
}

function decodeVlq(segment: string): number[] {
  const values: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = BASE64.indexOf(character);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    values.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    [value, shift] = [0, 0];
  }
  return values;
}
