// For tests of the rewriter: text to binary, and both forms of a module as instances that can be compared.
import createWabt from "wabt";
import { ENGINE_MODULE, ENGINE_NAMES } from "../layout.ts";
import { rewriteModule, type RewriteOptions, type RewrittenModule } from "../rewrite-module.ts";

const wabt = await createWabt();

/** The types of wabt do not know all of these. */
const FEATURES: object = {
  annotations: true,
  bulk_memory: true,
  exceptions: true,
  extended_const: true,
  function_references: false,
  gc: false,
  memory64: true,
  multi_memory: true,
  multi_value: true,
  mutable_globals: true,
  reference_types: true,
  relaxed_simd: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  tail_call: true,
  threads: true,
};

/** Functions that test modules may import. */
const TEST_IMPORTS: RewriteOptions["hostImports"] = {
  env: {
    log: { params: ["i32"], results: [] },
    now: { params: ["i32"], results: ["i64"] },
    hostcall_init_mm: { params: ["i32", "i32"], results: [] },
  },
};

export const TEST_OPTIONS: RewriteOptions = {
  maxMemoryPages: 256,
  maxTableEntries: 1000,
  hostImports: TEST_IMPORTS,
  interruptible: true,
};

/** Binary of a WAT text, names included; not validated, so that refusals can be tested. */
export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const parsed = wabt.parseWat("test.wat", text, FEATURES);
  try {
    return new Uint8Array(parsed.toBinary({ write_debug_names: true, canonicalize_lebs: true }).buffer);
  } finally {
    parsed.destroy();
  }
}

/** A module with the export `run` that the platform requires, around the given fields. */
export function program(fields: string): string {
  return `(module ${fields} (func (export "run")))`;
}

/** Rewrites a WAT text with the options of the tests. */
export function rewrite(text: string, options: Partial<RewriteOptions> = {}): RewrittenModule {
  return rewriteModule(assemble(text), { ...TEST_OPTIONS, ...options });
}

/** A function that may be called with anything; what it gives is compared, not used. */
export type AnyFunction = (...parameters: unknown[]) => unknown;

/** An instance with what tests need. */
export interface TestInstance {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly memory: WebAssembly.Memory | undefined;
  /** The kill word; undefined in an original module. */
  readonly kill: Int32Array | undefined;
  readonly log: number[];
  call(name: string, ...parameters: unknown[]): unknown;
}

/** Instance of an unchanged module. Its memory is visible only if it exports one as `memory`. */
export function instantiateOriginal(bytes: Uint8Array<ArrayBuffer>): TestInstance {
  const log: number[] = [];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: hostFunctions(log) });
  const exports: Readonly<Record<string, unknown>> = instance.exports;
  const memory = exports["memory"] instanceof WebAssembly.Memory ? exports["memory"] : undefined;
  return { exports, memory, kill: undefined, log, call: caller(exports) };
}

/**
 * Instance of a rewritten module as the engine makes it; the start function has run. Functions in `more`
 * get the kill word.
 */
export function instantiateRewritten(
  { bytes, layout }: RewrittenModule,
  more: Readonly<Record<string, (kill: Int32Array) => void>> = {},
): TestInstance {
  const log: number[] = [];
  const killMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const engine: Record<string, WebAssembly.Memory> = {};
  if (layout.interruptible) engine[ENGINE_NAMES.kill] = killMemory;
  const { memory: size } = layout;
  const memory =
    size === null
      ? undefined
      : new WebAssembly.Memory({ initial: size.initialPages, maximum: size.maximumPages });
  if (memory !== undefined) engine[ENGINE_NAMES.memory] = memory;
  const kill = new Int32Array(killMemory.buffer);
  const bound = Object.entries(more).map(([name, call]) => [name, () => call(kill)] as const);
  const env = { ...hostFunctions(log), ...Object.fromEntries(bound) };
  const imports = { env, [ENGINE_MODULE]: engine };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const call = caller(exports);
  if (layout.start) call(ENGINE_NAMES.start);
  return { exports, memory, kill, log, call };
}

/** The result of a call or how it ended, for comparison. V8's traps are distinguished by their message. */
export function outcome(call: () => unknown): string {
  try {
    return describe(call());
  } catch (error) {
    if (error instanceof RangeError) return "stack overflow";
    if (error instanceof WebAssembly.RuntimeError) return `trap: ${error.message}`;
    return error instanceof Error ? `error: ${error.message}` : `thrown: ${String(error)}`;
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (typeof value === "function") return "a function";
  return Object.is(value, -0) ? "-0" : String(value);
}

function caller(exports: Readonly<Record<string, unknown>>): TestInstance["call"] {
  return (name, ...parameters) => {
    const exported = exports[name];
    if (typeof exported !== "function") throw new TypeError(`no function ${name}`);
    return (exported as AnyFunction)(...parameters);
  };
}

function hostFunctions(log: number[]): Record<string, AnyFunction> {
  return {
    log: (value) => void log.push(Number(value)),
    now: () => 42n,
    hostcall_init_mm: () => {},
  };
}
