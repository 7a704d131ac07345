import { describe, expect, it } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import { HOST_IMPORTS } from "../../abi/index.ts";
import { TEST_OPTIONS } from "../testing/fixtures.ts";
import { rewriteModule } from "../rewrite-module.ts";
import { LONGEST_NAME, MOST_PARTS } from "./module-shape.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
const text = (name: string) => [...leb(name.length), ...Buffer.from(name)];
const repeated = (count: number, entry: (index: number) => readonly number[]): Uint8Array =>
  Buffer.concat([
    Uint8Array.from(leb(count)),
    ...Array.from({ length: count }, (_, index) => Uint8Array.from(entry(index))),
  ]);
const section = (id: number, contents: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from([id, ...leb(contents.length)]), contents]);

interface Parts {
  readonly types?: number;
  readonly functions?: number;
  readonly imports?: number;
  readonly tables?: number;
  readonly globals?: number;
  readonly exports?: number;
  readonly exportName?: string;
  readonly elements?: number;
  readonly data?: number;
  readonly customs?: number;
}

/** A program with so many of each. */
function program(parts: Parts): Uint8Array {
  const { types = 1, functions = 1, imports = 0, tables = 1, globals = 0 } = parts;
  const { exports = 1, exportName = "e", elements = 0, data = 0, customs = 0 } = parts;
  const debug = [...text("env"), ...text("hostcall_debug"), 0, 1];
  const has = (count: number, id: number, contents: () => Uint8Array) =>
    count === 0 ? [] : [section(id, contents())];
  return Buffer.concat([
    Uint8Array.from(HEADER),
    section(
      1,
      repeated(types, (index) => (index === 1 ? [0x60, 2, 0x7f, 0x7f, 0] : [0x60, 0, 0])),
    ),
    ...has(imports, 2, () => repeated(imports, () => debug)),
    section(
      3,
      repeated(functions, () => [0]),
    ),
    section(
      4,
      repeated(tables, () => [0x70, 0, 1]),
    ),
    section(
      5,
      repeated(1, () => [0, 1]),
    ),
    ...has(globals, 6, () => repeated(globals, () => [0x7f, 0, 0x41, 0, 0x0b])),
    section(
      7,
      repeated(exports, (index) => [
        ...text(index === 0 ? "run" : `${exportName}${index}`),
        0,
        ...leb(imports),
      ]),
    ),
    ...has(elements, 9, () => repeated(elements, () => [0, 0x41, 0, 0x0b, 1, 0])),
    section(
      10,
      repeated(functions, () => [2, 0, 0x0b]),
    ),
    ...has(data, 11, () => repeated(data, () => [0, 0x41, 0, 0x0b, 1, 0])),
    ...Array.from({ length: customs }, () => section(0, Uint8Array.from(text("c")))),
  ]);
}

function verdictOf(parts: Parts): string {
  try {
    rewriteModule(Uint8Array.from(program(parts)), { ...TEST_OPTIONS, hostImports: HOST_IMPORTS });
    return "accepted";
  } catch (error) {
    if (error instanceof TerrariumError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const shown = (count: number) => count.toLocaleString("en-US");

describe("the shape of a module", () => {
  it.each([
    ["types", "types"],
    ["functions", "functions"],
    ["exports", "exports"],
    ["globals", "globals"],
    ["tables", "tables"],
    ["elements", "element segments"],
    ["data", "data segments"],
    ["customs", "custom sections"],
  ] as const)("has a bounded number of %s", (part, what) => {
    const most = MOST_PARTS[what];
    expect(verdictOf({ [part]: most + 1 })).toBe(
      `TER_WASM_TOO_MANY_PARTS: The module has ${shown(most + 1)} ${what}; the limit is ${shown(most)}`,
    );
    expect(verdictOf({ [part]: most })).toBe("accepted");
  });

  it("has a bounded number of imports", () => {
    const most = MOST_PARTS.imports;
    expect(verdictOf({ types: 2, imports: most })).toBe("accepted");
    expect(verdictOf({ types: 2, imports: most + 1 })).toContain(`${shown(most + 1)} imports`);
  });

  it("has names of bounded length, and an error that shows little of them", () => {
    expect(verdictOf({ exports: 2, exportName: "x".repeat(LONGEST_NAME - 1) })).toBe("accepted");
    const verdict = verdictOf({ exports: 2, exportName: "\n".repeat(1_000_000) });
    expect(verdict).toContain(`TER_WASM_NAME_TOO_LONG`);
    expect(verdict.length).toBeLessThan(1000);
  });
});
