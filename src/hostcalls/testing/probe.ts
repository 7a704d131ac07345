// A guest that tests drive call by call: a real instance with a trampoline for every host function, a memory
// full of 0xAA, and its own malloc. Each hostcall crosses the real Wasm border with the test's raw numbers.
import createWabt from "wabt";
import { HOST_IMPORTS, type HostcallSignature } from "../../abi/index.ts";
import type { WasmNumber } from "../../engine/types.ts";
import type { TerrariumError } from "../../errors/index.ts";
import type { CallContext } from "../call-context.ts";
import { hostFunctions } from "../host-functions.ts";
import { createRunState, type RunState } from "../run-state.ts";
import type { RunTrace } from "../trace/run-trace.ts";
import type { IncomingRequest } from "../types.ts";
import { testRequest, testServices, type LogLines, type TestServices } from "./services.ts";

/** Table indices of the probe's functions. */
export const TABLE = {
  malloc: 1,
  free: 2,
  wrongType: 3,
  nullMalloc: 4,
  wildMalloc: 5,
  trappingMalloc: 6,
  callingMalloc: 7,
  suspendingMalloc: 8,
  empty: 0,
} as const;

/** What `Guest.fault` throws in tests. */
export class Fault extends Error {
  readonly error: TerrariumError;

  constructor(error: TerrariumError) {
    super(error.message);
    this.error = error;
  }
}

/** What `Guest.exit` throws in tests. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Bytes that the host gave, with their address. */
interface Given {
  readonly pointer: number;
  readonly length: number;
  readonly text: string;
}

/** The driven guest. */
export interface Probe {
  readonly state: RunState;
  readonly lines: LogLines;
  readonly memory: WebAssembly.Memory;
  /** Sizes that malloc was asked for. */
  readonly asked: () => number[];
  /** Calls a host function through Wasm. Rejects with Fault, Exit or a trap. */
  call(name: string, ...args: WasmNumber[]): Promise<number | bigint | undefined>;
  /** Puts bytes into memory and returns where. */
  put(content: string | Uint8Array | readonly number[]): number;
  /** Puts an array of slices into memory. */
  putSlices(texts: readonly string[]): number;
  u32(address: number): number;
  /** Reads a pointer and length pair. */
  given(pointerOut: number, lengthOut: number): Given;
  /** Reads a list of slices. */
  givenList(arrayOut: number, countOut: number): Given[];
  readonly abort: AbortController;
}

/** Where tests let the host write out-parameters. */
export const OUT = 1024;
export const OUT2 = 1028;

/** The error that ends the guest in this call. */
export async function faultOf(call: Promise<unknown>): Promise<TerrariumError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error.error;
    throw error;
  }
  throw new Error("the call did not end the guest");
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** A fresh guest; `init` false leaves out hostcall_init_mm. */
export async function openProbe(
  options: TestServices & {
    readonly request?: Partial<IncomingRequest>;
    readonly init?: boolean;
    readonly trace?: RunTrace;
    readonly checkInterrupt?: () => void;
  } = {},
): Promise<Probe> {
  compiled ??= compileProbe();
  const { services, lines } = testServices(options);
  const state = createRunState(services, testRequest(options.request), options.trace);
  const probe = instantiate(await compiled, state, lines, options);
  if (options.init !== false) await probe.call("hostcall_init_mm", TABLE.malloc, TABLE.free);
  return probe;
}

function instantiate(
  module: WebAssembly.Module,
  state: RunState,
  lines: LogLines,
  options: { readonly checkInterrupt?: () => void },
): Probe {
  const abort = new AbortController();
  const run: { -readonly [Key in keyof CallContext]: CallContext[Key] } = {
    memory: undefined,
    table: undefined,
    exportedMalloc: undefined,
    state,
    signal: abort.signal,
    checkInterrupt: () => options.checkInterrupt?.(),
    fault(error) {
      throw new Fault(error);
    },
    exit(code) {
      throw new Exit(code);
    },
  };
  const { exports } = new WebAssembly.Instance(module, imports(run));
  const memory: WebAssembly.Memory = exports["memory"]!;
  run.memory = memory;
  run.table = exports["table"]!;
  return {
    state,
    lines,
    memory,
    abort,
    ...access(memory),
    call: (name, ...args) => crossBorder(exports, name, args),
  };
}

async function crossBorder(exports: WebAssembly.Instance["exports"], name: string, args: WasmNumber[]) {
  return (await WebAssembly.promising(exports[`call:${name}`]!)(...args)) as number | bigint | undefined;
}

function access(
  memory: WebAssembly.Memory,
): Pick<Probe, "asked" | "put" | "putSlices" | "u32" | "given" | "givenList"> {
  let free = 4096;
  const view = () => new DataView(memory.buffer);
  const put = (content: string | Uint8Array | readonly number[]) => {
    const bytes = typeof content === "string" ? Buffer.from(content) : Uint8Array.from(content);
    const at = free;
    free += bytes.length + 8;
    new Uint8Array(memory.buffer).set(bytes, at);
    return at;
  };
  const u32 = (address: number) => view().getUint32(address, true);
  const given = (pointerOut: number, lengthOut: number): Given => {
    const [pointer, length] = [u32(pointerOut), u32(lengthOut)];
    return {
      pointer,
      length,
      text: Buffer.from(new Uint8Array(memory.buffer, pointer, length)).toString("latin1"),
    };
  };
  return {
    put,
    u32,
    given,
    putSlices: (texts) =>
      put(
        new Uint8Array(new Uint32Array(texts.flatMap((text) => [put(text), Buffer.byteLength(text)])).buffer),
      ),
    givenList: (arrayOut, countOut) =>
      Array.from({ length: u32(countOut) }, (_, index) =>
        given(u32(arrayOut) + index * 8, u32(arrayOut) + index * 8 + 4),
      ),
    asked: () => Array.from({ length: u32(8) }, (_, index) => u32(16 + index * 4)),
  };
}

function imports(run: CallContext): WebAssembly.ImportObject {
  const all: WebAssembly.ImportObject = {};
  for (const [module, functions] of Object.entries(hostFunctions)) {
    all[module] = {};
    for (const [name, { suspends, call }] of Object.entries(functions)) {
      const bound = (...args: never[]) => completed(call(run, ...args));
      all[module][name] = suspends ? new WebAssembly.Suspending(bound) : bound;
    }
  }
  return all;
}

function completed(result: ReturnType<(typeof hostFunctions)[string][string]["call"]>): unknown {
  if (!(result instanceof Promise)) return result;
  return result.then((step) => (typeof step === "function" ? step() : step));
}

async function compileProbe(): Promise<WebAssembly.Module> {
  const wabt = await createWabt();
  const parsed = wabt.parseWat("probe.wat", probeText());
  return new WebAssembly.Module(parsed.toBinary({}).buffer);
}

function importOf({ module, name, type }: ReturnType<typeof list>[number]): string {
  return `(import "${module}" "${name}" (func $${name} ${type}))`;
}

/** Counter of mallocs at 8, their sizes from 16 on, the heap from 64 KiB on. */
function probeText(): string {
  const all = Object.entries(HOST_IMPORTS).flatMap(([module, signatures]) => list(module, signatures));
  return `(module
    ${all.map(importOf).join("\n")}
    (memory (export "memory") 2 1024)
    (table (export "table") 9 funcref)
    (elem (i32.const 1) $malloc $free $wrong $null $wild $trap $calling $suspending)
    (global $heap (mut i32) (i32.const 65536))
    (func $malloc (param $size i32) (result i32)
      (local $at i32)
      (if (i32.lt_u (i32.load (i32.const 8)) (i32.const 200)) (then
        (i32.store (i32.add (i32.const 16) (i32.mul (i32.const 4) (i32.load (i32.const 8))))
          (local.get $size))
        (i32.store (i32.const 8) (i32.add (i32.const 1) (i32.load (i32.const 8))))))
      (local.set $at (global.get $heap))
      (global.set $heap (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 7))
        (i32.const -8)))
      (block $fits
        (br_if $fits (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
        (drop (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))))
      (memory.fill (local.get $at) (i32.const 0xaa) (local.get $size))
      (local.get $at))
    (func $free (param i32))
    (func $wrong (param i64) (result i32) (i32.const 0))
    (func $null (param i32) (result i32) (i32.const 0))
    (func $wild (param i32) (result i32) (i32.const -32))
    (func $trap (param i32) (result i32) unreachable)
    (func $calling (param i32) (result i32)
      (call $hostcall_req_get_method (i32.const 1024) (i32.const 1028) (i32.const 0)) (i32.const 65536))
    (func $suspending (param i32) (result i32) (call $hostcall_pending_req_poll (i32.const 1)) (drop)
      (i32.const 65536))
    ${all.map(trampoline).join("\n")})`;
}

function list(module: string, signatures: Readonly<Record<string, HostcallSignature>>) {
  return Object.entries(signatures).map(([name, { params, results }]) => ({
    module,
    name,
    count: params.length,
    type:
      `${params.map((param) => `(param ${param})`).join(" ")} ` +
      `${results.map((result) => `(result ${result})`).join(" ")}`,
  }));
}

function trampoline({
  name,
  type,
  count,
}: {
  readonly name: string;
  readonly type: string;
  readonly count: number;
}): string {
  const args = Array.from({ length: count }, (_, index) => `(local.get ${index})`).join(" ");
  return `(func (export "call:${name}") ${type} (call $${name} ${args}))`;
}
