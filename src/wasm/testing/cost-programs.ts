// For tests: programs that try to run for long without reading the kill word. Each unit of their work
// counts itself; at one unit, which the host chooses, the host sets the kill word, and then counts how many
// more units run.
import { assemble, instantiateRewritten, outcome, program } from "./fixtures.ts";
import { rewriteModule } from "../rewrite-module.ts";

/** A unit of work: counts itself, and calls the host when its number comes up. */
const UNIT = "(call $unit)";
/** The prologue of every program. A slow instruction may make each unit expensive. */
const prologue = (slow: string): string => `
  (import "env" "mark" (func $mark)) (memory 1000) (table 64 64 funcref) (tag $e)
  (global $count (export "count") (mut i32) (i32.const 0))
  (global $target (export "target") (mut i32) (i32.const 0))
  (global $float (mut f64) (f64.const 1e-310)) (global $address (mut i32) (i32.const 0))
  (type $plain (func)) (type $down (func (param i32)))
  (func $unit ${slow} (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (if (i32.eq (global.get $count) (global.get $target)) (then (call $mark))))`;

/** Slow instructions, by name. */
const SLOW: Readonly<Record<string, string>> = {
  nothing: "",
  division: "(drop (i64.div_u (i64.const -7) (i64.extend_i32_u (i32.or (global.get $count) (i32.const 1)))))",
  denormals: "(global.set $float (f64.div (global.get $float) (f64.const 0.9999)))",
  "cold loads": `(global.set $address (i32.add (i32.load (global.get $address))
    (i32.and (i32.const 0x3fffffc) (i32.mul (global.get $count) (i32.const 0x9e3779b1)))))`,
  "new pages": `(i32.store (i32.and (i32.mul (global.get $count) (i32.const 4096)) (i32.const 0x3fffffc))
    (i32.const 1))`,
  exceptions: "(block $caught (try_table (catch_all $caught) (throw $e)))",
  "small fills": `(memory.fill (i32.and (i32.const 0x3ffffff) (i32.mul (global.get $count) (i32.const 4096)))
    (i32.const 1) (i32.const 4096))`,
  tables: "(table.set (i32.const 0) (ref.null func))",
};

/** The parameters of a program, from its seed. */
export interface CostProgram {
  readonly text: string;
  readonly slow: string;
}

/** A random program whose functions call each other in every way the format allows. */
export function randomCostProgram(random: () => number): CostProgram {
  const names = Object.keys(SLOW);
  const slow = names[Math.floor(random() * names.length)] ?? "nothing";
  const functions = 2 + Math.floor(random() ** 2 * 60);
  const bodies = Array.from({ length: functions }, (_, index) => randomFunction(random, index, functions));
  const elements = Array.from({ length: functions }, (_, index) => `$f${index}`).join(" ");
  const fields = `${prologue(SLOW[slow] ?? "")} (elem (i32.const 0) ${elements}) ${bodies.join("\n")}
    (func (export "go") (call $f0 (i32.const 20000)))`;
  return { text: program(fields), slow };
}

function randomFunction(random: () => number, index: number, functions: number): string {
  const steps = Array.from({ length: 1 + Math.floor(random() * 8) }, () => step(random, index, functions, 0));
  const ends = "(if (i32.le_s (local.get 0) (i32.const 0)) (then (return)))";
  return `(func $f${index} (param i32) ${ends} ${steps.join(" ")})`;
}

/** Mostly forward, to build deep chains; sometimes back. */
function target(random: () => number, index: number, functions: number): number {
  if (random() < 0.15) return Math.floor(random() * functions);
  return Math.min(functions - 1, index + 1 + Math.floor(random() ** 3 * 8));
}

function step(random: () => number, index: number, functions: number, depth: number): string {
  const inner = (): string => (depth > 3 ? UNIT : step(random, index, functions, depth + 1));
  const less = "(i32.sub (local.get 0) (i32.const 1))";
  const callee = target(random, index, functions);
  const every = (units: number, then: string): string =>
    `(if (i32.eqz (i32.rem_u (global.get $count) (i32.const ${units}))) (then ${then}))`;
  const kind = Math.floor(random() * 12);
  switch (kind) {
    case 0:
      return UNIT.repeat(1 + Math.floor(random() ** 4 * 2000));
    case 1:
      return every(2 + Math.floor(random() * 7), inner()) + inner();
    case 2:
      return `(block (br_if 0 (i32.and (global.get $count) (i32.const 1))) ${inner()} ${inner()})`;
    case 3:
      return `(call_indirect (type $down) ${less} (i32.const ${callee}))`;
    case 4:
      return every(97, `(return_call $f${callee} ${less})`);
    case 5:
      return every(1009, `(call $f${callee} ${less}) unreachable`);
    case 6:
      return `(block $out (try_table (catch_all $out) ${inner()}
        (br_if $out (global.get $count)) (throw $e)))`;
    case 7:
      return UNIT.repeat(20);
    default:
      return `(call $f${callee} ${less})`;
  }
}

/**
 * Chains that once ran for seconds: calls with nothing after them, and work after returning from checked
 * calls.
 */
export function chain(functions: number, step: (next: string) => string, work: number): string {
  const links = Array.from(
    { length: functions },
    (_, index) => `(func $c${index} ${step(`(call $c${index + 1})`)})`,
  );
  return program(`${prologue("")} (func $w ${UNIT.repeat(work)}) ${links.join("\n")} (func $c${functions})
    (func (export "go") (call $c0))`);
}

/** What ran after the kill word was set. */
export interface Unchecked {
  readonly units: number;
  readonly cpuMs: number;
}

/**
 * Runs a program and sets the kill word at a unit; null if the program ended before. `watch` gets the kill
 * word when the program starts, to set it where a program never comes to that unit.
 */
export function runUnchecked(
  text: string,
  targetUnit: number,
  watch: (kill: Int32Array) => void = () => undefined,
): Unchecked | null {
  const rewritten = rewriteModule(assemble(text), {
    maxMemoryPages: 1024,
    maxTableEntries: 1000,
    hostImports: { env: { mark: { params: [], results: [] } } },
    interruptible: true,
  });
  let began: NodeJS.CpuUsage | null = null;
  const mark = (kill: Int32Array): void => {
    kill[0] = -1;
    began = process.threadCpuUsage();
  };
  const instance = instantiateRewritten(rewritten, { mark });
  const global = (name: string): WebAssembly.Global => instance.exports[name] as WebAssembly.Global;
  global("target").value = targetUnit;
  if (instance.kill !== undefined) watch(instance.kill);
  outcome(() => instance.call("go"));
  if (began === null) return null;
  const { user, system } = process.threadCpuUsage(began);
  return { units: Number(global("count").value) - targetUnit, cpuMs: (user + system) / 1000 };
}
