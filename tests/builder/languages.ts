// For each language: programs that build, fail, and attack the compiler. The contract suite runs them all.
import type { Language } from "../../src/languages/list.ts";

/** Text files of a project. */
export type Sources = Readonly<Record<string, string>>;

export interface LanguageCase {
  readonly language: Exclude<Language, "rust">;
  readonly good: Sources;
  /** A change of one file of `good`. */
  readonly edited: Sources;
  /** Null: the language has no compiler that could find errors. */
  readonly broken: {
    readonly sources: Sources;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly says: string;
  } | null;
  /** A small program over which the compiler works for longer than anyone waits. */
  readonly endless: Sources | null;
  /** A program for which the compiler needs more memory than its limit. */
  readonly hungry: (() => Sources) | null;
  /** A program that makes the compiler say much more than is kept. */
  readonly talkative: (() => Sources) | null;
}

function levels(count: number, name: string, base: string): string {
  const define = (_: unknown, level: number): string =>
    `#define ${name}${level + 1} ${`${name}${level} `.repeat(10)}\n`;
  return `#define ${name}0 ${base}\n${Array.from({ length: count }, define).join("")}`;
}

const MANY_NUMBERS = `${"1,".repeat(6_000_000)}1`;
const LONG_WARNING = "#warning this line is here to be long, very long, so that few of them are enough\n";

const C: LanguageCase = {
  language: "c",
  good: {
    "src/main.c":
      '#include "http_hostcalls.h"\nvoid run(void) { ' +
      "hostcall_resp_set_response_code(RESPONSE_OUTGOING, 204); }\n",
  },
  edited: {
    "src/main.c":
      '#include "http_hostcalls.h"\nvoid run(void) { ' +
      "hostcall_resp_set_response_code(RESPONSE_OUTGOING, 205); }\n",
  },
  broken: {
    sources: { "src/main.c": "void run(void)\n{\n    int x = missing;\n}\n" },
    file: "src/main.c",
    line: 3,
    column: 13,
    says: "undeclared identifier 'missing'",
  },
  // 10^12 terms that no tree is built of.
  endless: { "src/main.c": `${levels(12, "T", "+1")}#if 0 T12\n#endif\nvoid run(void) {}\n` },
  hungry: () => ({ "src/main.c": "char huge[0x7ffffff0] = {1};\nvoid run(void) { huge[1] = 2; }\n" }),
  talkative: () => ({
    "src/main.c": `${LONG_WARNING.repeat(4000)}void run(void) {}\n`,
  }),
};

function manyFunctions(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `export function f${index}(a: i32): string { return a.toString() + "${index}"; }\n`,
  ).join("");
}

const ASSEMBLYSCRIPT: LanguageCase = {
  language: "assemblyscript",
  good: {
    "assembly/index.ts":
      'import { Request, Response, run_user } from "./http_guest";\nexport function ' +
      "run(): void { run_user((request: Request): Response => new Response()); }\n",
  },
  edited: { "assembly/index.ts": "export function run(): void {}\n" },
  broken: {
    sources: { "assembly/index.ts": "export function run(): void {\n  missing();\n}\n" },
    file: "assembly/index.ts",
    line: 2,
    column: 3,
    says: "Cannot find name 'missing'",
  },
  endless: {
    "assembly/index.ts": `export function run(): void {}\n${manyFunctions(60_000)}`,
  },
  hungry: () => ({
    "assembly/index.ts": `export const a: u8[] = [${MANY_NUMBERS}];\nexport function run(): void {}\n`,
  }),
  talkative: () => ({
    "assembly/index.ts": `export function run(): void {\n${"  missing();\n".repeat(5000)}}\n`,
  }),
};

const WAT: LanguageCase = {
  language: "wat",
  good: { "src/main.wat": '(module (func (export "run")))' },
  edited: { "src/main.wat": '(module (func (export "run") (nop)))' },
  broken: {
    sources: { "src/main.wat": '(module\n  (func (export "run")\n    (i32.cnst 1)))' },
    file: "src/main.wat",
    line: 3,
    column: 6,
    says: "i32.cnst",
  },
  endless: null,
  // Its memory is a multiple of the text's, which is bounded by the upload.
  hungry: null,
  // It reports the first error alone.
  talkative: null,
};

const WASM: LanguageCase = {
  language: "wasm",
  good: { "module.wasm": "\0asm\x01\0\0\0" },
  edited: { "module.wasm": "\0asm\x01\0\0\0\0\x02\x01a" },
  broken: null,
  endless: null,
  hungry: null,
  talkative: null,
};

export const LANGUAGES: readonly LanguageCase[] = [WASM, WAT, ASSEMBLYSCRIPT, C];

/** The project of some text files. */
export function projectOf(sources: Sources): Map<string, Uint8Array> {
  return new Map(Object.entries(sources).map(([name, text]) => [name, Buffer.from(text)]));
}
