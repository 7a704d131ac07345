import { describe, expect, test } from "vitest";
import { assembleText, print } from "./assembler.ts";

const MAX_BYTES = 1_000_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function assembled(text: string): Promise<Uint8Array> {
  const outcome = await assembleText(bytesOf(text));
  if (outcome.kind !== "done") throw new Error(outcome.kind === "refused" ? outcome.message : outcome.kind);
  return outcome.bytes;
}

async function refusal(text: string): Promise<string> {
  const outcome = await assembleText(bytesOf(text));
  return outcome.kind === "refused" ? outcome.message : outcome.kind;
}

/** What the function `f` of a text returns. */
async function valueOf(text: string): Promise<unknown> {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(await assembled(text))));
  return (instance.exports["f"] as unknown as () => unknown)();
}

describe("instruction names of 2018", () => {
  test.each([
    ["get_local", "(func (param i32) (result i32) get_local 0)", "local.get 0"],
    ["set_local", "(func (param i32) (set_local 0 (i32.const 1)))", "local.set 0"],
    ["tee_local", "(func (param i32) (result i32) (tee_local 0 (i32.const 1)))", "local.tee 0"],
    ["get_global", "(global $g i32 (i32.const 0)) (func (result i32) get_global $g)", "global.get $g"],
    ["set_global", "(global $g (mut i32) (i32.const 0)) (func (set_global $g (i32.const 1)))", "global.set"],
    ["grow_memory", "(memory 1) (func (drop (grow_memory (i32.const 1))))", "memory.grow"],
    ["current_memory", "(memory 1) (func (drop (current_memory)))", "memory.size"],
    ["anyfunc", "(table 1 anyfunc)", "(table (;0;) 1 funcref)"],
    ["wrap/i64", "(func (drop (i32.wrap/i64 (i64.const 1))))", "i32.wrap_i64"],
    ["trunc_s/f64", "(func (drop (i32.trunc_s/f64 (f64.const 1))))", "i32.trunc_f64_s"],
    ["trunc_u:sat/f32", "(func (drop (i64.trunc_u:sat/f32 (f32.const 1))))", "i64.trunc_sat_f32_u"],
    ["extend_u/i32", "(func (drop (i64.extend_u/i32 (i32.const 1))))", "i64.extend_i32_u"],
    ["convert_s/i32", "(func (drop (f32.convert_s/i32 (i32.const 1))))", "f32.convert_i32_s"],
    ["demote/f64", "(func (drop (f32.demote/f64 (f64.const 1))))", "f32.demote_f64"],
    ["reinterpret/f32", "(func (drop (i32.reinterpret/f32 (f32.const 1))))", "i32.reinterpret_f32"],
  ])("%s means what it meant", async (_, text, today) => {
    const outcome = await print(await assembled(`(module ${text})`), MAX_BYTES);
    expect(outcome.kind === "done" && new TextDecoder().decode(outcome.bytes)).toContain(today);
  });

  test("stay what they are in strings, comments and identifiers", async () => {
    const text =
      '(module ;; get_local\n (func $get_local (export "get_local")) (; anyfunc ;) (start $get_local))';
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(await assembled(text))));
    expect(Object.keys(exports)).toEqual(["get_local"]);
  });

  test("leave the columns of errors what they are", async () => {
    expect(await refusal("(module (func (param i32)\n get_local 0 get_local 0 oops))")).toMatch(/^2:26:/);
  });
});

describe("the assembler", () => {
  test("takes table and reference instructions", async () => {
    await assembled(
      "(module (table $t 1 funcref) (global $g (mut funcref) (ref.null func)) (elem declare func $f)\n" +
        "(func $f (table.set $t (i32.const 0) (ref.func $f)) (global.set $g (ref.func $f))\n" +
        "(drop (table.grow $t (ref.func $f) (i32.const 1)))))",
    );
  });

  test.each([
    ["f32.const 0x1.00000100000000001p-50", "f32", 2 ** -50 * (1 + 2 ** -23)],
    ["f32.const 340282356779733661637539395458142568447", "f32", 3.4028234663852886e38],
    ["f64.const -1e-400", "f64", -0],
  ])("rounds %s right at any depth", async (constant, type, value) => {
    for (const levels of [0, 100, 5000]) {
      const [open, close] = [`(block (result ${type}) `.repeat(levels), ")".repeat(levels)];
      const text = `(module (func (export "f") (result ${type}) ${open}(${constant})${close}))`;
      expect(await valueOf(text)).toBe(value);
    }
  });

  test("refuses ill-typed text at any depth, with line and column", async () => {
    const blocks = (body: string): string => `${"(block\n".repeat(200)}${body}${")".repeat(200)}`;
    const deep = await refusal(`(module (func ${blocks(" (i32.add (i32.const 1) (f32.const 1)) drop")}))`);
    expect(deep).toMatch(/^201:3:type mismatch/);
  });

  test("takes a byte order mark, and refuses what is not UTF-8", async () => {
    expect(await valueOf('\u{feff}(module (func (export "f") (result i32) i32.const 7))')).toBe(7);
    const outcome = await assembleText(Uint8Array.from([0x28, 0xff]));
    expect(outcome).toEqual({ kind: "refused", message: "1:2:the text is not UTF-8" });
  });

  test("says where a text is wrong, in characters", async () => {
    expect(await refusal("(module\n  (; \u{1f600} ;) (func oops))")).toMatch(/^2:17:unknown operator/);
    expect(await refusal('(module (func) (export "a" (func 0)) (export "a" (func 0)))')).toMatch(
      /^0:0:duplicate/,
    );
  });

  test("keeps the names of functions", async () => {
    const module = new WebAssembly.Module(Buffer.from(await assembled("(module (func $named))")));
    expect(WebAssembly.Module.customSections(module, "name")).toHaveLength(1);
  });
});

test("the text of a module assembles to the same module", async () => {
  const text = `(module $all
    (type $t (func (param i32 f64) (result i64)))
    (import "env" "hostcall_debug" (func $debug (param i32 i32)))
    (memory $m 1 4) (table $tab 2 funcref) (global $g (mut f32) (f32.const 0x1.8p-3))
    (data (i32.const 8) "a\\00\\ff\\"b") (elem (i32.const 1) $f)
    (func $f (type $t) (param $a i32) (param $b f64) (result i64) (local $c v128)
      (block $out (loop $again (br_if $out (local.get $a)) (br $again)))
      (i64.trunc_sat_f64_s (f64.const nan:0x123)))
    (func (export "run") (call $debug (i32.const 8) (i32.const 2))))`;
  const wasm = await assembled(text);
  const printed = await print(wasm, MAX_BYTES);
  if (printed.kind !== "done") throw new Error(printed.kind);
  expect(Buffer.from(await assembled(new TextDecoder().decode(printed.bytes)))).toEqual(Buffer.from(wasm));
});
