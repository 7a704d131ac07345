import { describe, expect, it } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import { assemble, program, TEST_OPTIONS } from "../testing/fixtures.ts";
import { rewriteModule, type RewriteOptions } from "../rewrite-module.ts";

function refusal(bytes: Uint8Array, options: Partial<RewriteOptions> = {}): string {
  try {
    const rewritten = rewriteModule(bytes, { ...TEST_OPTIONS, ...options });
    expect(WebAssembly.validate(rewritten.bytes)).toBe(true);
  } catch (error) {
    if (error instanceof TerrariumError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const binary = (...bytes: number[]): Uint8Array => Uint8Array.of(...HEADER, ...bytes);
/** A module of one function with the given code, its type () -> (), exported as run. */
const withCode = (...code: number[]): Uint8Array =>
  binary(
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    7,
    7,
    1,
    3,
    0x72,
    0x75,
    0x6e,
    0,
    0,
    10,
    code.length + 4,
    1,
    code.length + 2,
    0,
    ...code,
    0x0b,
  );

const RUN = '(func (export "run"))';
const TEXTS: readonly (readonly [string, string, string])[] = [
  [
    "an unknown function",
    program('(import "env" "nonsense" (func))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the function `env.nonsense`",
  ],
  [
    "an unknown module",
    program('(import "wbindgen" "log" (func))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the function `wbindgen.log`",
  ],
  [
    "a memory",
    program('(import "js" "memory" (memory 1))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the memory `js.memory`",
  ],
  [
    "a table",
    program('(import "js" "table" (table 1 funcref))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the table `js.table`",
  ],
  [
    "entropy by wasm-bindgen",
    program('(import "wbg" "__wbg_getRandomValues_3f4" (func (param i32)))'),
    "TER_WASM_BINDGEN: The module imports `wbg.__wbg_getRandomValues_3f4`: the crate `getrandom`",
  ],
  [
    "a clock by wasm-bindgen",
    program('(import "wbg" "__wbindgen_throw" (func)) (import "wbg" "__wbg_getTime_1" (func))'),
    "TER_WASM_BINDGEN: The module imports `wbg.__wbindgen_throw`: the clock of a crate such as `chrono`",
  ],
  [
    "anything else by wasm-bindgen",
    program('(import "__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32)))'),
    "TER_WASM_BINDGEN: The module imports `__wbindgen_placeholder__.__wbindgen_describe`: a crate was built",
  ],
  [
    "a global",
    program('(import "env" "base" (global i32))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the global `env.base`",
  ],
  [
    "a tag",
    program('(import "env" "oops" (tag))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the tag `env.oops`",
  ],
  [
    "a known function as a global",
    program('(import "env" "log" (global i32))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the global `env.log`",
  ],
  [
    "an inherited property",
    program('(import "env" "constructor" (func))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the function `env.constructor`",
  ],
  [
    "an inherited module",
    program('(import "__proto__" "toString" (func))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the function `__proto__.toString`",
  ],
  [
    "the engine's kill memory",
    program('(import "terrarium" "kill" (memory 1 1 shared))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the memory `terrarium.kill`",
  ],
  [
    "the engine's module",
    program('(import "terrarium" "log" (func (param i32)))'),
    "TER_WASM_UNKNOWN_IMPORT: The module imports the function `terrarium.log`",
  ],
  [
    "a wrong parameter",
    program('(import "env" "log" (func (param i64)))'),
    "TER_WASM_IMPORT_TYPE: The module imports `env.log` as (i64) -> (); its type is (i32) -> ()",
  ],
  [
    "a wrong result",
    program('(import "env" "now" (func (param i32) (result i32)))'),
    "TER_WASM_IMPORT_TYPE: The module imports `env.now` as (i32) -> (i32); its type is (i32) -> (i64)",
  ],
  ["no run", '(module (func (export "main")))', "TER_WASM_NO_RUN"],
  [
    "run with a parameter",
    '(module (func (export "run") (param i32)))',
    "TER_WASM_RUN_TYPE: The module exports `run` as (i32) -> ()",
  ],
  [
    "run with a result",
    '(module (func (export "run") (result i32) i32.const 0))',
    "TER_WASM_RUN_TYPE: The module exports `run` as () -> (i32)",
  ],
  [
    "run as a memory",
    '(module (memory (export "run") 1))',
    "TER_WASM_RUN_TYPE: The module exports `run` as a memory",
  ],
  [
    "too much memory",
    program("(memory 257)"),
    "TER_WASM_MEMORY_TOO_LARGE: The module starts with 257 pages of memory (64 KiB each); the limit is 256",
  ],
  [
    "too large a table",
    program("(table 1001 funcref)"),
    "TER_WASM_TABLE_TOO_LARGE: The module starts with 1,001 table entries; the limit is 1,000",
  ],
  [
    "too large tables together",
    program("(table 600 funcref) (table 600 funcref)"),
    "TER_WASM_TABLE_TOO_LARGE: The module starts with 1,200",
  ],
  [
    "shared memory",
    program("(memory 1 2 shared)"),
    "TER_WASM_UNSUPPORTED: The module uses a shared memory (threads)",
  ],
  [
    "a second memory",
    program("(memory 1) (memory 1)"),
    "TER_WASM_UNSUPPORTED: The module uses more than one memory",
  ],
  ["memory64", program("(memory i64 1)"), "TER_WASM_UNSUPPORTED: The module uses 64-bit memory (memory64)"],
  [
    "table64",
    program("(table i64 1 funcref)"),
    "TER_WASM_UNSUPPORTED: The module uses a 64-bit table (table64)",
  ],
  [
    "atomics",
    program("(memory 1) (func (drop (i32.atomic.load (i32.const 0))))"),
    "TER_WASM_UNSUPPORTED: The module uses threads (atomic instructions)",
  ],
  [
    "relaxed SIMD",
    program("(func (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 0)))"),
    "TER_WASM_UNSUPPORTED: The module uses relaxed SIMD",
  ],
  [
    "old and new exceptions",
    program("(tag $e) (func (try (do) (catch_all))) (func (block (try_table (catch_all 0))))"),
    "TER_WASM_UNSUPPORTED: The module uses old and new exception instructions at once",
  ],
  [
    "old exceptions beside a type of the new ones",
    program("(tag $e) (func (local exnref) (try (do) (catch_all)))"),
    "TER_WASM_UNSUPPORTED: The module uses old and new exception instructions at once",
  ],
  [
    "our table export",
    `(module (func (export "terrarium:table")) ${RUN})`,
    'TER_WASM_RESERVED_NAME: The module exports "terrarium:table"',
  ],
  [
    "our start export",
    `(module (func (export "terrarium:start")) ${RUN})`,
    'TER_WASM_RESERVED_NAME: The module exports "terrarium:start"',
  ],
  [
    "our global export",
    `(module (global (export "terrarium:global:0") (mut i32) (i32.const 0)) ${RUN})`,
    "TER_WASM_RESERVED_NAME",
  ],
];

const BINARIES: readonly (readonly [string, Uint8Array, string])[] = [
  [
    "text",
    new TextEncoder().encode("(module)"),
    "TER_WASM_INVALID: The module is not valid WebAssembly: " +
      "expected magic word 00 61 73 6d, found 28 6d 6f 64",
  ],
  ["nothing", new Uint8Array(), "TER_WASM_INVALID"],
  [
    "a component",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
    "TER_WASM_UNSUPPORTED: The module uses the component model",
  ],
  [
    "a section cut short",
    binary(1, 9, 0),
    "TER_WASM_INVALID: The module is not valid WebAssembly: section (code 1",
  ],
  [
    "a type error",
    withCode(0x6a, 0x1a),
    "TER_WASM_INVALID: The module is not valid WebAssembly: Compiling function #0",
  ],
  ["GC: a struct type", binary(1, 3, 1, 0x5f, 0), "TER_WASM_UNSUPPORTED: The module uses GC types"],
  ["GC: an array type", binary(1, 4, 1, 0x5e, 0x7f, 0), "TER_WASM_UNSUPPORTED: The module uses GC types"],
  [
    "GC: a recursive group",
    binary(1, 6, 1, 0x4e, 1, 0x60, 0, 0),
    "TER_WASM_UNSUPPORTED: The module uses GC types",
  ],
  ["GC: a subtype", binary(1, 6, 1, 0x50, 0, 0x60, 0, 0), "TER_WASM_UNSUPPORTED: The module uses GC types"],
  ["GC: an instruction", withCode(0xfb, 0x1c), "TER_WASM_UNSUPPORTED: The module uses GC types"],
  ["GC: anyref", withCode(0xd0, 0x6e, 0x1a), "TER_WASM_UNSUPPORTED: The module uses GC types"],
  [
    "typed references: call_ref",
    withCode(0x14, 0x00),
    "TER_WASM_UNSUPPORTED: The module uses typed function references",
  ],
  [
    "typed references: a parameter",
    binary(1, 6, 1, 0x60, 1, 0x63, 0, 0),
    "TER_WASM_UNSUPPORTED: The module uses typed function references",
  ],
  [
    "stack switching: a type",
    binary(1, 3, 1, 0x5d, 0),
    "TER_WASM_UNSUPPORTED: The module uses stack switching",
  ],
  [
    "stack switching: an instruction",
    withCode(0xe2, 0x00),
    "TER_WASM_UNSUPPORTED: The module uses stack switching",
  ],
  [
    "an unknown instruction",
    withCode(0xef),
    "TER_WASM_UNSUPPORTED: The module uses the unknown instruction 0xef",
  ],
  [
    "an unknown section",
    binary(99, 0),
    "TER_WASM_UNSUPPORTED: The module uses a section with the unknown id 99",
  ],
  ["an object file", binary(0, 9, 7, ...Buffer.from("linking"), 2), "TER_WASM_OBJECT_FILE"],
  [
    "a dynamic library",
    binary(0, 9, 8, ...Buffer.from("dylink.0")),
    "TER_WASM_UNSUPPORTED: The module uses dynamic linking",
  ],
];

describe("refusals", () => {
  it.each(TEXTS)("names %s", (_what, text, message) => {
    expect(refusal(assemble(text))).toContain(message);
  });

  it.each(BINARIES)("names %s", (_what, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  it("shortens and escapes names that the guest chose", () => {
    const message = refusal(assemble(program(`(import "env" "a\\1b[31m\\0a${"x".repeat(500)}" (func))`)));
    expect([...message].every((character) => character >= " ")).toBe(true);
    expect(message.length).toBeLessThan(250);
  });

  it("accepts sizes exactly at the limit and refuses one more", () => {
    expect(refusal(assemble(program("(memory 256) (table 1000 funcref)")))).toBe("accepted");
    expect(refusal(assemble(program("(memory 8)")), { maxMemoryPages: 7 })).toContain(
      "TER_WASM_MEMORY_TOO_LARGE",
    );
  });

  it("never lets any truncation or byte flip of a module escape as another kind of error", () => {
    const bytes = assemble(
      program(
        "(memory 1) (table 2 funcref) (elem (i32.const 0) 0) (data " +
          '(i32.const 0) "abc") (func (loop (br 0)) (drop (i64.const 5)))',
      ),
    );
    for (let at = 0; at < bytes.length; at++) {
      expect(refusal(bytes.subarray(0, at))).toMatch(/^(TER_WASM_|accepted)/);
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        expect(refusal(damaged)).toMatch(/^(TER_WASM_|accepted)/);
      }
    }
  });
});
