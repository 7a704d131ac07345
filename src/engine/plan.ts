// What is decided once per module: which functions it gets, how its runs are made fresh.
import { TerrariumError } from "../errors/index.ts";
import type { HostImport, ModuleLayout } from "../wasm/layout.ts";
import type { HostFunction, HostFunctions, Strategy } from "./types.ts";

const PAGE_BYTES = 65_536;

/**
 * Above this a new memory costs less than wiping the old one: wiping takes 16 µs/MiB, a new memory about 45 µs and the
 * first touch of each of its pages, of which a small run touches few.
 */
const MAX_WIPED_BYTES = 4 * 1024 * 1024;

/** A host function that the module imports. */
export interface HostCall<State> {
  readonly module: string;
  readonly name: string;
  readonly arity: number;
  readonly host: HostFunction<State>;
}

/** A module with everything that its slots need. */
export interface Plan<State> {
  readonly module: WebAssembly.Module;
  readonly layout: ModuleLayout;
  readonly hostCalls: readonly HostCall<State>[];
  readonly killMemory: WebAssembly.Memory;
  /** Size of the memory of a fresh instance; 0 without one. */
  readonly memoryBytes: number;
  /**
   * Whether the guest runs on a stack of its own. JSPI needs it to suspend. It is also what keeps a deep recursion of the guest
   * from leaving host functions without stack: V8 runs those on the thread's own. A module without host functions saves 0.5 µs.
   */
  readonly ownStack: boolean;
  readonly strategy: Strategy;
}

/** Decides; throws TER_WASM_UNKNOWN_IMPORT. */
export function planModule<State>(
  module: WebAssembly.Module,
  layout: ModuleLayout,
  hostFunctions: HostFunctions<State>,
  killMemory: WebAssembly.Memory,
): Plan<State> {
  const memoryBytes = (layout.memory?.initialPages ?? 0) * PAGE_BYTES;
  return {
    module,
    layout,
    hostCalls: layout.hostImports.map((hostImport) => findHostCall(hostImport, hostFunctions)),
    killMemory,
    memoryBytes,
    ownStack: layout.hostImports.length > 0,
    strategy: chooseStrategy(memoryBytes),
  };
}

function findHostCall<State>(hostImport: HostImport, hostFunctions: HostFunctions<State>): HostCall<State> {
  const { module, name, params } = hostImport;
  const functions = Object.hasOwn(hostFunctions, module) ? hostFunctions[module] : undefined;
  const host = functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (host === undefined) throw new TerrariumError("TER_WASM_UNKNOWN_IMPORT", { kind: "function", module, name });
  return { module, name, arity: params.length, host };
}

function chooseStrategy(memoryBytes: number): Strategy {
  if (memoryBytes > MAX_WIPED_BYTES) {
    return { kind: "fresh-memory", reason: `wiping ${memoryBytes / PAGE_BYTES} pages costs more than a new memory` };
  }
  return { kind: "pooled-memory", reason: "a new instance makes globals, tables and segments anew" };
}
