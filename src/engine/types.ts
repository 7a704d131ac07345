// The seam between the engine and what stands on it: host functions come in, programs go out.
import type { TerrariumError } from "../errors/index.ts";

/** A value that crosses the Wasm border as a parameter or result. */
export type WasmNumber = number | bigint;

/** Numbers of one run, for logs, limits and the inspector. */
export interface Usage {
  /** Time from start to end. */
  readonly wallMs: number;
  /** Time inside the guest and its hostcalls, without the time spent waiting. */
  readonly cpuMs: number;
  /** Memory at the end of the run. */
  readonly memoryBytes: number;
}

/** Limits of one run. */
export interface RunLimits {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** One running instance as hostcalls see it. `State` is theirs; the engine never looks into it. */
export interface Guest<State> {
  /** Memory 0; take views anew after anything that may have grown it. Undefined if the module has none. */
  readonly memory: WebAssembly.Memory | undefined;
  /** Table 0, for `hostcall_init_mm`. */
  readonly table: WebAssembly.Table | undefined;
  readonly state: State;
  /** Ends when the run does, however it ends; what a hostcall started must stop then. */
  readonly signal: AbortSignal;
  /** Ends the instance: throws something that guest code cannot catch. */
  fault(error: TerrariumError): never;
  /** Ends the run as a success (`proc_exit`). */
  exit(code: number): never;
}

/** One function that guests import. `suspends` is true if it may return a promise; then the guest waits, the process does not. */
export interface HostFunction<State> {
  readonly suspends: boolean;
  readonly call: (guest: Guest<State>, ...args: never[]) => WasmNumber | void | Promise<WasmNumber | void>;
}

/** All host functions by import module and name. Null-prototype objects: the names are the guest's. */
export type HostFunctions<State> = Readonly<Record<string, Readonly<Record<string, HostFunction<State>>>>>;

/** Where a trap happened: offsets into the code of the original module (for DWARF) and function names, innermost first. */
export interface TrapFrame {
  readonly functionIndex: number;
  readonly functionName: string | null;
  /** Byte offset in the module as it was before the rewrite; null if unknown. */
  readonly offset: number | null;
}

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: "returned"; readonly usage: Usage }
  | { readonly kind: "exited"; readonly code: number; readonly usage: Usage }
  | { readonly kind: "fault"; readonly error: TerrariumError; readonly frames: readonly TrapFrame[]; readonly usage: Usage };

/** A loaded module, ready to run from fresh state any number of times. */
export interface Program<State> {
  /** Never rejects for anything a guest can do. `signal`: the client went away. */
  run(state: State, limits: RunLimits, signal?: AbortSignal): Promise<RunOutcome>;
  /** Frees pooled memory; runs under way end as usual. */
  dispose(): void;
}
