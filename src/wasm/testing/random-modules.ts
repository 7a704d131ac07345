// For tests: valid random modules from random bytes, by binaryen's `wasm-opt --translate-to-fuzz`.
//
// The command takes 0.4 s to start and about 10 ms per module, so it is started once in this process and its
// `main` called repeatedly.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { assemble } from "./fixtures.ts";

const require = createRequire(import.meta.url);

/** Exactly the features that the platform accepts, except exceptions. */
const FEATURES = enable(
  "simd",
  "bulk-memory",
  "reference-types",
  "tail-call",
  "sign-ext",
  "nontrapping-float-to-int",
  "multivalue",
  "mutable-globals",
  "extended-const",
);
/**
 * V8 refuses modules that mix old and new exceptions, which the command produces unless told to translate.
 */
const EXCEPTIONS = [
  [],
  enable("exception-handling"),
  [...enable("exception-handling"), "--translate-to-exnref"],
];

function enable(...features: readonly string[]): string[] {
  return features.map((feature) => `--enable-${feature}`);
}

/** The part of the command's runtime that is used here. */
interface WasmOpt {
  readonly noInitialRun: true;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  onRuntimeInitialized: () => void;
  callMain?: (parameters: string[]) => number;
}

/** Generates modules until closed. */
export interface ModuleSource {
  /** The same bytes give the same module; not always one that V8 accepts. */
  make(random: Uint8Array): Uint8Array<ArrayBuffer>;
  close(): void;
}

/**
 * The starting point of half of the modules: instructions that random bytes rarely produce. The command
 * changes it and adds to it.
 */
const INITIAL = `(module
  (type $unary (func (param i32) (result i32)))
  (memory 2 40) (data $passive "passive segment") (data (i32.const 100) "active")
  (table 8 20 funcref) (elem (i32.const 1) $even $odd $sum $fib) (elem $functions func $fib $sum $copy)
  (func $even (export "even") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (return_call $odd (i32.sub
      (local.get 0) (i32.const 1))))))
  (func $odd (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (return_call_indirect (type $unary)
      (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))))
  (func $sum (export "sum") (param i32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (call_indirect (type $unary) (i32.and (local.get 0) (i32.const 7))
        (i32.and (local.get 0) (i32.const 3)))))
      (br_if $again (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0))))
    (local.get 1))
  (func $fib (export "fib") (param i32) (result i32)
    (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
    (i32.add (call $fib (i32.sub (local.get 0) (i32.const 3))) (call $fib (i32.sub (local.get 0)
      (i32.const 2)))))
  (func $copy (export "copy") (param i32) (result i32)
    (memory.fill (local.get 0) (i32.const 7) (i32.mul (local.get 0) (i32.const 3000)))
    (memory.copy (i32.const 40000) (local.get 0) (i32.mul (local.get 0) (i32.const 500)))
    (memory.init $passive (i32.const 7) (i32.const 1) (i32.and (local.get 0) (i32.const 15)))
    (table.init $functions (i32.const 4) (i32.const 0) (i32.and (local.get 0) (i32.const 3)))
    (table.copy (i32.const 0) (i32.const 1) (i32.and (local.get 0) (i32.const 3)))
    (table.fill (i32.const 6) (ref.func $fib) (i32.and (local.get 0) (i32.const 1)))
    (drop (table.grow (ref.null func) (i32.const 1)))
    (if (i32.gt_s (local.get 0) (i32.const 30)) (then (data.drop $passive) (elem.drop $functions)))
    (i32.add (memory.grow (i32.const 1)) (table.size))))`;

/** Starts the command. */
export async function openModuleSource(): Promise<ModuleSource> {
  const callMain = await loadWasmOpt();
  const folder = mkdtempSync(join(tmpdir(), "random-modules-"));
  const [input, output, initial] = [join(folder, "in"), join(folder, "out"), join(folder, "initial.wasm")];
  writeFileSync(initial, assemble(INITIAL));
  return {
    make(random) {
      writeFileSync(input, random);
      const exceptions = EXCEPTIONS[(random[0] ?? 0) % EXCEPTIONS.length] ?? [];
      const start = ["--initial-fuzz", initial];
      callMain([
        input,
        "--translate-to-fuzz",
        "--denan",
        "-o",
        output,
        "--mvp-features",
        ...FEATURES,
        ...exceptions,
        ...((random[1] ?? 0) < 128 ? start : []),
      ]);
      return new Uint8Array(readFileSync(output));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function loadWasmOpt(): Promise<(parameters: string[]) => number> {
  const path = join(dirname(require.resolve("binaryen")), "bin", "wasm-opt");
  const source = readFileSync(path, "utf8").replace(/^#!.*/, "");
  const start = compileFunction(`${source};Module.callMain = callMain;`, [
    "Module",
    "require",
    "module",
    "process",
    "__filename",
    "__dirname",
  ]);
  // The command sets its process's exit code, so we give it a `process` object of its own.
  const ownProcess: unknown = Object.create(process, { exitCode: { value: 0, writable: true } });
  return new Promise((resolve, reject) => {
    const command: WasmOpt = {
      noInitialRun: true,
      print: () => {},
      printErr: () => {},
      onRuntimeInitialized: () =>
        command.callMain === undefined
          ? reject(new Error("wasm-opt has no main"))
          : resolve(command.callMain),
    };
    start(command, require, undefined, ownProcess, path, dirname(path));
  });
}

/** A seeded random number generator (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random bytes, usually few: many small modules cover more than a few large ones. */
export function randomBytes(random: () => number): Uint8Array {
  const bytes = new Uint8Array(400 + Math.floor(random() ** 3 * 8000));
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
  return bytes;
}
