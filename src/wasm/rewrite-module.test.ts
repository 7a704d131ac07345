import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  assemble,
  instantiateRewritten,
  outcome,
  program,
  rewrite,
  TEST_OPTIONS,
} from "./testing/fixtures.ts";
import { compareModule } from "./testing/compare-modules.ts";
import { inspectModule } from "./inspect-module.ts";
import { openModuleSource, randomBytes, seededRandom, type ModuleSource } from "./testing/random-modules.ts";
import { rewriteModule } from "./rewrite-module.ts";
import { customSection } from "./reading/sections.ts";

/** Texts that use each class of instruction, called with 0 and 40 and compared before and after. */
const CLASSES: Readonly<Record<string, string>> = {
  "control flow": `(func (export "f") (param i32) (result i32) (block $b (result i32) (loop $l (result i32)
    (block $x (block $y (block $z (br_table $z $y $l $x (local.get 0))) (local.set 0 (i32.const 3)) (br $l))
      (return (i32.const 9)))
    (br_if $b (i32.const 5) (local.get 0)) (drop) (select (i32.const 1) (i32.const 2) (local.get 0)))))`,
  "multi-value blocks and loops": `(func (export "f") (param i32) (result i32 i64)
    (local.get 0) (i64.const 7)
    (loop $l (param i32 i64) (result i32 i64) (drop) (local.set 0)
      (i32.sub (local.get 0) (i32.const 1)) (i64.const 3) (br_if $l (i32.gt_s (local.get 0) (i32.const 0))))
    (if (param i32 i64) (result i32 i64) (local.get 0) (then) (else)))`,
  numbers: `(func (export "f") (param i32) (result i32 i64 f32 f64)
    (i32.rotl (i32.extend8_s (local.get 0)) (i32.clz (i32.const -9)))
    (i64.extend16_s (i64.mul (i64.extend_i32_u (local.get 0)) (i64.const 0x7fff_ffff_ffff_ffff)))
    (f32.copysign (f32.convert_i32_s (local.get 0)) (f32.const -0x1p-126)) (f64.promote_f32 (f32.demote_f64
      (f64.const 1e300))))`,
  "saturating conversions": `(func (export "f") (param i32) (result i32 i64 i32 i64)
    (i32.trunc_sat_f32_s (f32.const nan)) (i64.trunc_sat_f64_u (f64.const 1e300)) (i32.trunc_sat_f64_u
      (f64.const -1)) (i64.trunc_sat_f32_s (f32.const -inf)))`,
  "memory accesses": `(memory 1 3) (data (i32.const 5) "\\ff\\fe\\fd\\fc\\fb\\fa\\f9\\f8") (func (export "f")
    (param i32) (result i32 i64 i64 f64 i32)
    (i32.store16 offset=3 align=1 (local.get 0) (i32.const -2)) (i64.store32 (i32.const 64)
      (i64.const 0x123456789)) (f32.store (i32.const 80) (f32.const 2.5))
    (i32.load8_s (i32.const 5)) (i64.load16_u offset=2 (i32.const 5)) (i64.load (local.get 0)) (f64.load
      (i32.const 80)) (i32.add (memory.grow (i32.const 1)) (memory.size)))`,
  "bulk memory": `(memory 1) (data $p "passive bytes") (func (export "f") (param i32) (result i32)
    (memory.init $p (local.get 0) (i32.const 2) (i32.const 7)) (memory.copy (i32.const 60) (local.get 0)
      (i32.const 9))
    (memory.fill (i32.const 62) (i32.const 3) (local.get 0)) (data.drop $p) (memory.init $p (i32.const 0)
      (i32.const 0) (local.get 0)) (i32.load (i32.const 60)))`,
  tables: `(table $t 4 9 funcref) (table $u 2 externref) (elem $e func $f) (elem (table $t)
    (i32.const 1) func $f) (elem declare func $g)
    (func $f (export "f") (param i32) (result i32)
      (table.set $t (i32.const 0) (ref.func $g)) (table.copy $t $t (i32.const 2) (i32.const 0) (i32.const 2))
        (table.init $t $e (i32.const 3) (i32.const 0) (i32.const 1))
      (elem.drop $e) (table.fill $u (i32.const 0) (ref.null extern) (i32.const 2)) (drop (table.grow $t
        (ref.null func) (i32.const 2)))
      (i32.add (ref.is_null (table.get $t (i32.const 3))) (i32.add (table.size $t) (call_indirect $t
        (param i32) (result i32) (local.get 0) (i32.const 2)))))
    (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))`,
  "typed select and references": `(func (export "f") (param i32) (result externref i32)
    (select (result externref) (ref.null extern) (ref.null extern) (local.get 0)) (ref.is_null
      (ref.null func)))`,
  globals: `(global $a i32 (i32.const 5)) (global $m (mut i64) (i64.const -1)) (global $x (mut f32)
    (f32.const 1)) (global $v (mut v128) (v128.const i32x4 1 2 3 4))
    (global $s i32 (i32.add (i32.const 3) (i32.mul (i32.const 2) (i32.const 8)))) (global $r (mut funcref)
      (ref.func 0))
    (func (export "f") (param i32) (result i64) (global.set $m (i64.add (global.get $m) (i64.extend_i32_s
      (i32.add (local.get 0) (global.get $s))))) (global.get $m))`,
  "tail calls": `(table funcref (elem $odd)) (func $even (export "f") (param i32) (result i32)
      (if (result i32) (local.get 0) (then (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (else
        (i32.const 1))))
    (func $odd (param i32) (result i32)
      (if (result i32) (local.get 0) (then (return_call_indirect (param i32) (result i32) (i32.sub
        (local.get 0) (i32.const 1)) (i32.const 0))) (else (i32.const 7))))`,
  "legacy exceptions": `(tag $e (param i32)) (tag $f) (func $throw (param i32) (if (local.get 0) (then
    (throw $e (local.get 0))) (else (throw $f))))
    (func (export "f") (param i32) (result i32) (local i32)
      (try (result i32) (do (try (do (call $throw (local.get 0))) (delegate 0)) (i32.const 1))
        (catch $e (i32.add (i32.const 1)))
        (catch_all (try (result i32) (do (try (result i32) (do (throw $f)) (catch_all (local.set 1
          (i32.const 5)) (rethrow 0)))) (catch $f (local.get 1))))))`,
  exceptions: `(tag $e (param i32)) (tag $f)
    (func (export "f") (param i32) (result i32) (local exnref)
      (block $ref (result exnref)
        (block $all (block $e (result i32)
          (try_table (catch $e $e) (catch_all $all) (if (local.get 0) (then (throw $e (local.get 0))) (else
            (throw $f))))
          (i32.const 0)) (return))
        (try_table (result exnref) (catch_all_ref $ref) (throw $f)))
      (local.set 1) (block $again (try_table (catch_all $again) (throw_ref (local.get 1)))) (i32.const 77))`,
  SIMD: `(memory 1) (data (i32.const 0) "0123456789abcdefghijklmnopqrstuvwxyz") (func (export "f") (param i32)
    (result i32 i64 f32 f64) (local v128)
    (local.set 1 (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (v128.load (local.get 0))
      (v128.load8_splat offset=4 (i32.const 1))))
    (local.set 1 (i16x8.add (local.get 1) (v128.load32x2_s (i32.const 8))))
    (local.set 1 (v128.load16_lane offset=3 3 (i32.const 2) (local.get 1)))
    (v128.store64_lane offset=64 1 (i32.const 0) (local.get 1)) (v128.store offset=80 (i32.const 0)
      (v128.load64_zero (i32.const 3)))
    (i32x4.extract_lane 2 (i32x4.dot_i16x8_s (local.get 1)
      (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)))
    (i64x2.extract_lane 1 (i64x2.replace_lane 0 (local.get 1) (i64.const 6))) (f32x4.extract_lane 0
      (f32x4.sqrt (f32x4.splat (f32.const 2))))
    (f64x2.extract_lane 1 (f64x2.promote_low_f32x4 (i8x16.swizzle (local.get 1) (local.get 1)))))`,
  imports: `(import "env" "log" (func $log (param i32))) (import "env" "now" (func $now (param i32)
    (result i64)))
    (func (export "f") (param i32) (result i64) (loop $l (call $log (local.get 0)) (br_if $l (i32.gt_s
      (local.tee 0 (i32.sub (local.get 0) (i32.const 7))) (i32.const 0)))) (call $now (i32.const 3)))`,
  "a start function":
    "(global $g (mut i32) (i32.const 0)) (func $start (global.set $g (i32.const " +
    '9))) (start $start) (func (export "f") (result i32) (global.get $g))',
};

describe("every class of instruction", () => {
  it.each(Object.entries(CLASSES))("%s does the same after the rewriter", (_class, fields) => {
    const comparison = compareModule(assemble(`(module ${fields})`));
    expect(comparison).toMatchObject({ kind: "equal" });
  });
});

describe("random modules", () => {
  let source: ModuleSource;
  beforeAll(async () => {
    source = await openModuleSource();
  });
  afterAll(() => source.close());

  it("do the same after the rewriter", () => {
    const random = seededRandom(2026);
    let checks = 0;
    for (let made = 0; made < 120; made++) {
      const bytes = source.make(randomBytes(random));
      const features = WebAssembly.validate(bytes) ? inspectModule(bytes).features : [];
      // V8 refuses a mix of old and new exceptions, but not every time.
      if (
        features.length === 0 ||
        (features.includes("exceptions") && features.includes("exceptions (legacy)"))
      )
        continue;
      const comparison = compareModule(bytes);
      expect(comparison.kind).not.toBe("differs");
      if (comparison.kind === "equal") checks += comparison.checks;
    }
    expect(checks).toBeGreaterThan(100);
  });
});

describe("the rewritten module", () => {
  it("keeps memory and table exports of the guest, and works without", () => {
    const instance = instantiateRewritten(
      rewrite(program('(memory (export "mem") 1) (table (export "tab") 1 funcref)')),
    );
    expect(instance.exports["mem"]).toBe(instance.memory);
    expect(instance.exports["tab"]).toBe(instance.exports["terrarium:table"]);
    expect(Object.keys(instantiateRewritten(rewrite(program(""))).exports)).toEqual(["run"]);
  });

  it("reads the kill word from memory 0 if the guest has no memory", () => {
    const instance = instantiateRewritten(
      rewrite(program('(func (export "go") (param i32) (loop (br_if 0 (local.get 0))))')),
    );
    expect(outcome(() => instance.call("go", 0))).toBe("undefined");
    instance.kill![0] = -5;
    expect(outcome(() => instance.call("go", 0))).toBe("trap: unreachable");
  });

  it("goes on while the kill word is zero or positive", () => {
    const instance = instantiateRewritten(
      rewrite(program('(func (export "go") (loop (br_if 0 (i32.const 0))))')),
    );
    for (const word of [0, 1, 0x7fffffff]) {
      instance.kill![0] = word;
      expect(outcome(() => instance.call("go"))).toBe("undefined");
    }
    instance.kill![0] = -0x80000000;
    expect(outcome(() => instance.call("go"))).toBe("trap: unreachable");
  });

  it("cannot grow memory or tables beyond the limits", () => {
    const fields = `(memory 1) (table $t 10 funcref) (table $u 20 30 externref)
      (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "t") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))
      (func (export "u") (param i32) (result i32) (table.grow $u (ref.null extern) (local.get 0)))`;
    const rewritten = rewrite(program(fields), { maxMemoryPages: 3, maxTableEntries: 42 });
    expect(rewritten.layout.memory).toEqual({ initialPages: 1, maximumPages: 3 });
    expect(rewritten.layout.mutable.tables.map(({ maximum }) => maximum)).toEqual([16, 26]);
    const instance = instantiateRewritten(rewritten);
    expect([instance.call("memory", 3), instance.call("memory", 2), instance.call("memory", 1)]).toEqual([
      -1, 1, -1,
    ]);
    expect([instance.call("t", 7), instance.call("t", 6)]).toEqual([-1, 10]);
    expect([instance.call("u", 7), instance.call("u", 6)]).toEqual([-1, 20]);
  });

  it("runs an imported start function through a function of its own", () => {
    const bytes = assemble('(module (import "env" "tick" (func $tick)) (start $tick) (func (export "run")))');
    const rewritten = rewriteModule(bytes, {
      ...TEST_OPTIONS,
      hostImports: { env: { tick: { params: [], results: [] } } },
    });
    expect(rewritten.layout.start).toBe(true);
    let ticks = 0;
    const kill = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rewritten.bytes), {
      env: { tick: () => void ticks++ },
      terrarium: { kill },
    });
    expect(ticks).toBe(0);
    (exports["terrarium:start"] as unknown as () => void)();
    expect(ticks).toBe(1);
  });

  it("keeps the name section and drops other custom sections", () => {
    const bytes = assemble(program("(func $mine)"));
    const extra = new Uint8Array([...bytes, 0, 7, 5, ...Buffer.from(".info"), 1]);
    const rewritten = rewriteModule(extra, TEST_OPTIONS);
    expect(customSection(rewritten.bytes, "name")).toEqual(customSection(bytes, "name"));
    expect(customSection(extra, ".info")).toEqual(Uint8Array.of(1));
    expect(customSection(rewritten.bytes, ".info")).toBeNull();
  });

  it("lists each host function once", () => {
    const log = '(import "env" "log" (func (param i32)))';
    expect(rewrite(program(log + log)).layout.hostImports).toEqual([
      { module: "env", name: "log", params: ["i32"], results: [] },
    ]);
  });
});

describe("the layout", () => {
  const layout = rewrite(
    program(`(memory 2) (table 3 funcref) (elem func 0) (data "passive") (data (i32.const 16) "abcd") (data
      (i32.const 20) "ef") (data (i32.const 100) "x")
      (global $__stack_pointer (mut i32) (i32.const 65536)) (global (mut v128) (v128.const i64x2 0 0)) (global
        (export "__heap_base") i32 (i32.const 70000))
      (global (export "__data_end") i32 (i32.const 101)) (func (export "_initialize")) (func $s) (start $s)`),
  ).layout;

  it("names what a run can change", () => {
    expect(layout.mutable).toEqual({
      globals: [
        { index: 0, export: "terrarium:global:0", type: "i32" },
        { index: 1, export: "terrarium:global:1", type: "v128" },
      ],
      tables: [{ index: 0, export: "terrarium:table", type: "funcref", initial: 3, maximum: 1000 }],
      writesTables: false,
      growsTables: false,
      growsMemory: false,
      passiveData: 1,
      passiveElements: 1,
      dropsSegments: false,
    });
    expect([layout.start, layout.initialize]).toEqual([true, true]);
  });

  it("names where data, stack and heap lie", () => {
    expect(layout.memoryMap).toEqual({
      data: [
        { start: 16, end: 22 },
        { start: 100, end: 101 },
      ],
      stackPointer: { global: 0, initial: 65_536, named: true },
      heapBase: 70_000,
      dataEnd: 101,
    });
  });

  it("reports data at an address that is not a constant", () => {
    const fields = '(memory 1) (global i32 (i32.const 4)) (data (global.get 0) "x")';
    expect(rewrite(program(fields)).layout.memoryMap.data).toBeNull();
  });

  it.each([
    ["writesTables", "(table 1 funcref) (func (table.set (i32.const 0) (ref.null func)))"],
    ["writesTables", "(table 1 funcref) (func (table.fill (i32.const 0) (ref.null func) (i32.const 0)))"],
    ["writesTables", "(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0)))"],
    [
      "writesTables",
      "(table 1 funcref) (elem func 0) (func (table.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))",
    ],
    ["writesTables", "(table 1 funcref) (func (drop (table.grow (ref.null func) (i32.const 0))))"],
    ["growsTables", "(table 1 funcref) (func (drop (table.grow (ref.null func) (i32.const 0))))"],
    ["growsMemory", "(memory 1) (func (drop (memory.grow (i32.const 0))))"],
    ["dropsSegments", '(memory 1) (data "x") (func (data.drop 0))'],
    ["dropsSegments", "(table 1 funcref) (elem func 0) (func (elem.drop 0))"],
  ] as const)("sees %s in %s", (item, fields) => {
    expect(rewrite(program(fields)).layout.mutable[item]).toBe(true);
  });

  it("exports no globals if there are too many to restore", () => {
    expect(
      rewrite(program("(global (mut i32) (i32.const 0))".repeat(257))).layout.mutable.globals,
    ).toBeNull();
  });
});

describe("inspectModule", () => {
  it("describes a module for people", () => {
    const info = inspectModule(
      assemble(
        program(
          '(import "env" "log" (func (param i32))) (memory 1 2) (table 3 ' +
            'externref) (data (i32.const 8) "ab") (global $g (mut f32) (f32.const ' +
            "0)) (func $mine (param i64) (return_call $mine (local.get 0)))",
        ),
      ),
    );
    expect(info.imports).toEqual([{ module: "env", name: "log", kind: "function", type: "(i32) -> ()" }]);
    expect(info.exports).toEqual([{ name: "run", kind: "function", index: 2, type: "() -> ()" }]);
    expect(info.memories).toEqual([{ initialPages: 1, maximumPages: 2 }]);
    expect(info.tables).toEqual([{ type: "externref", initial: 3, maximum: null }]);
    expect(info.globals).toEqual([{ type: "f32", mutable: true, name: "g" }]);
    expect(info.dataSegments).toEqual([{ mode: "active", address: 8, size: 2 }]);
    expect(info.functions.map(({ index, name, type }) => ({ index, name, type }))).toEqual([
      { index: 1, name: "mine", type: "(i64) -> ()" },
      { index: 2, name: null, type: "() -> ()" },
    ]);
    expect(info.features).toEqual(["tail calls"]);
    expect(info.sections.map(({ title }) => title)).toContain("code");
    expect(info.customSections).toEqual(["name"]);
  });
});
