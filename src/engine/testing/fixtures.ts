// For the engine's tests: guests in WAT, in the form that the rewriter produces, and an engine with a few
// host functions.
import { setImmediate } from "node:timers/promises";
import createWabt from "wabt";
import { TerrariumError } from "../../errors/index.ts";
import { DEFAULT_LIMITS } from "../../config/limits.ts";
import type { HostImport, ModuleLayout, MutableState, ValueType } from "../../wasm/layout.ts";
import type { HostImportTypes } from "../../wasm/index.ts";
import { createEngine, type EngineOptions } from "../engine.ts";
import type { Engine, Guest, HostFunctions, LoadableModule, Program, RunLimits } from "../types.ts";

const wabt = await createWabt();

/** Limits that no test reaches by accident. */
export const AMPLE: RunLimits = { cpuMs: 10_000, wallMs: 30_000 };

/**
 * The check that the rewriter inserts at loop headers; `$kill` is memory 1, or 0 if the module has no memory.
 */
export const CHECK = (memory = "$kill"): string =>
  `(if (i32.lt_s (i32.load ${memory} (i32.const 0)) (i32.const 0)) (then unreachable))`;

export const IMPORT_KILL = '(import "terrarium" "kill" (memory $kill 1 1 shared))';
export const IMPORT_MEMORY = '(import "terrarium" "memory" (memory $memory 1 4))';

/** What the test's host functions do. */
export interface TestState {
  readonly log: number[];
  /** Called by `env.wait`; the guest waits for the promise. */
  wait?: (guest: Guest<TestState>, value: number) => Promise<number | (() => number)> | number;
  /** Called by `env.call`, at once. */
  call?: (guest: Guest<TestState>, value: number) => number | void;
}

/** The host functions that test guests may import from `env`. */
export const TEST_FUNCTIONS: HostFunctions<TestState> = {
  env: {
    log: {
      suspends: false,
      call: (guest: Guest<TestState>, value: number) => void guest.state.log.push(value),
    },
    call: {
      suspends: false,
      call: (guest: Guest<TestState>, value: number) => guest.state.call?.(guest, value) ?? 0,
    },
    note: {
      suspends: false,
      replays: true,
      call: (guest: Guest<TestState>, value: number) => void guest.state.log.push(value),
    },
    wait: {
      suspends: true,
      call: (guest: Guest<TestState>, value: number) =>
        guest.state.wait?.(guest, value) ?? setImmediate(value),
    },
    exit: { suspends: false, call: (guest: Guest<TestState>, code: number) => guest.exit(code) },
    panic: {
      suspends: false,
      call: (guest: Guest<TestState>, code: number) =>
        guest.fault(new TerrariumError("TER_GUEST_PANIC", { message: String(code) })),
    },
  },
};

/** Their types, for the rewriter. */
export const TEST_TYPES: HostImportTypes = {
  env: Object.fromEntries(
    Object.keys(TEST_FUNCTIONS["env"] ?? {}).map((name) => [
      name,
      { params: ["i32"], results: name === "call" || name === "wait" ? ["i32"] : [] },
    ]),
  ),
};

const RESULTS: Readonly<Record<string, HostImport["results"]>> = { call: ["i32"], wait: ["i32"] };

/** wabt's types lack `multi_memory`. */
const FEATURES: object = {
  bulk_memory: true,
  exceptions: true,
  multi_memory: true,
  mutable_globals: true,
  reference_types: true,
  simd: true,
  tail_call: true,
  threads: true,
};

/** Binary of a WAT text, with names. */
export function assembleWat(text: string): Uint8Array<ArrayBuffer> {
  const parsed = wabt.parseWat("guest.wat", text, FEATURES);
  const bytes = new Uint8Array(parsed.toBinary({ write_debug_names: true }).buffer);
  parsed.destroy();
  return bytes;
}

/** Binary of a WAT text with its layout, derived from the text and the module. */
function assemble(text: string): LoadableModule {
  const bytes = assembleWat(text);
  return { bytes, layout: layoutOf(new WebAssembly.Module(bytes), text), codeMap: null };
}

function layoutOf(module: WebAssembly.Module, text: string): ModuleLayout {
  const imports = WebAssembly.Module.imports(module);
  const exports = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const memory = /"memory" \(memory \$memory (\d+) (\d+)/.exec(text);
  return {
    version: 1,
    hostImports: imports
      .filter(({ kind }) => kind === "function")
      .map(({ name }) => ({ module: "env", name, params: ["i32"], results: RESULTS[name] ?? [] })),
    memory: memory === null ? null : { initialPages: Number(memory[1]), maximumPages: Number(memory[2]) },
    table: exports.has("terrarium:table") ? { initial: 0, maximum: 100 } : null,
    start: exports.has("terrarium:start"),
    initialize: exports.has("_initialize"),
    interruptible: imports.some(({ name }) => name === "kill"),
    size: { functions: 0, codeBytes: 0, dataBytes: 0 },
    stackBytes: null,
    checks: 1,
    mutable: mutableOf(text),
    memoryMap: { data: null, stackPointer: null, heapBase: null, dataEnd: null },
  };
}

/**
 * Mutable globals are those that the text exports under reserved names, all i32 unless their name says i64.
 */
function mutableOf(text: string): MutableState {
  const names = [...text.matchAll(/\(global (?:\$\w+ )?\(export "(terrarium:[^"]+)"\) \(mut (\w+)\)/g)];
  return {
    globals: names.map(([, name, type], index) => ({ index, export: name ?? "", type: type as ValueType })),
    tables: [],
    writesTables: /table\.(set|fill|copy|init|grow)/.test(text),
    growsTables: text.includes("table.grow"),
    growsMemory: text.includes("memory.grow"),
    passiveData: 0,
    passiveElements: 0,
    dropsSegments: /(data|elem)\.drop/.test(text),
  };
}

/** Calls the body with an engine, then closes the engine. */
export async function withEngine<Result>(
  body: (engine: Engine<TestState>) => Promise<Result>,
  options: Partial<EngineOptions<TestState>> = {},
): Promise<Result> {
  const engine = createEngine({ hostFunctions: TEST_FUNCTIONS, limits: DEFAULT_LIMITS, ...options });
  try {
    return await body(engine);
  } finally {
    await engine.close();
  }
}

/** Loads WAT. */
export function loadWat(engine: Engine<TestState>, text: string): Promise<Program<TestState>> {
  return engine.load(assemble(text));
}

/** A state with an empty log. */
export function testState(functions: Omit<TestState, "log"> = {}): TestState {
  return { log: [], ...functions };
}
