// The seam between the engine and what stands on it: host functions come in, programs go out.
import type { TerrariumError } from "../errors/index.ts";
import type { ModuleLayout } from "../wasm/layout.ts";

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

/**
 * One running instance as hostcalls see it. `State` is theirs; the engine never looks into it.
 *
 * Memory and table may be touched, and functions of the guest called, only while it is the guest's turn: in
 * the synchronous part of a hostcall, or in the function that its promise resolves to. At any other time the
 * two getters throw: another guest may be running, nothing would stop a `malloc` that loops, and the slot may
 * serve another request. So never keep a view of the memory across an `await`.
 */
export interface Guest<State> {
  /** Memory 0; take views anew after anything that may have grown it. Undefined if the module has none. */
  readonly memory: WebAssembly.Memory | undefined;
  /** Table 0, for `hostcall_init_mm`. Undefined if the module has none. */
  readonly table: WebAssembly.Table | undefined;
  /** Export `malloc` of a module that exports `free` too, of whatever kind; undefined if there is none. */
  readonly exportedMalloc: unknown;
  readonly state: State;
  /** Ends when the run does, however it ends; what a hostcall started must stop then. */
  readonly signal: AbortSignal;
  /** Ends the instance: throws something that guest code cannot catch. */
  fault(error: TerrariumError): never;
  /**
   * Ends the run if its time is up. Host code that works through bytes of the guest calls it between slices.
   */
  checkInterrupt(): void;
  /** Ends the run as a success (`proc_exit`). */
  exit(code: number): never;
}

/**
 * What a hostcall does when its wait is over, in the guest's own turn: write results into memory, call its
 * `malloc`.
 */
export type Completion = () => WasmNumber | void;

/** What a hostcall answers: its result, or a promise of it or of the completion that yields it. */
export type HostResult = WasmNumber | void | Promise<WasmNumber | void | Completion>;

/**
 * One function that guests import. `suspends` is true if it may return a promise; then the guest waits, the
 * process does not.
 */
export interface HostFunction<State> {
  readonly suspends: boolean;
  /**
   * Its effect is on `guest.state` alone and follows from its arguments, and it answers at once and nothing.
   * If a module's initialisation calls it, the engine may keep the initialised instance and make just this
   * call again in each run.
   */
  readonly replays?: true;
  readonly call: (guest: Guest<State>, ...args: never[]) => HostResult;
}

/** All host functions by import module and name. Null-prototype objects: the names are the guest's. */
export type HostFunctions<State> = Readonly<Record<string, Readonly<Record<string, HostFunction<State>>>>>;

/**
 * Where a trap happened: offsets into the code of the original module (for DWARF) and function names,
 * innermost first.
 */
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
  | {
      readonly kind: "fault";
      readonly error: TerrariumError;
      readonly frames: readonly TrapFrame[];
      readonly usage: Usage;
    };

/**
 * How fresh state is made for each run, and why this way; shown by `terrarium show` and `terrarium check`.
 */
export interface Strategy {
  readonly kind: "fresh-memory" | "pooled-memory" | "reused-instance";
  readonly reason: string;
}

/** Who pays for the memory of guests that wait. */
export interface MemoryHolder {
  /**
   * Told the size of the guest's memory in bytes, when a run waits with a size that is not its last one.
   * Throws TerrariumError if there is no room for it, which ends the run.
   */
  holdMemory(bytes: number): void;
}

/**
 * Who waits for a run: a signal, or where to get one if the run ever waits itself. Most never do, and a
 * signal costs more than they.
 */
export type RunClient =
  | AbortSignal
  | { readonly signal: AbortSignal }
  | ({ readonly signal: AbortSignal } & MemoryHolder);

/** A loaded module, ready to run from fresh state any number of times. */
export interface Program<State> {
  /** May change with the first run, which shows what the module's initialisation asks of the host. */
  readonly strategy: Strategy;
  /** Runs that have begun and not ended. */
  readonly inFlight: number;
  /** Never rejects for anything a guest can do. The client's signal ends when it has gone away. */
  run(state: State, limits: RunLimits, client?: RunClient): Promise<RunOutcome>;
  /** Whether it has a start function or `_initialize`. */
  readonly initialises: boolean;
  /**
   * Runs start function and `_initialize` alone, for no request, up to the first host function that may
   * answer each request differently, which is not called. What they come to is kept for later runs if it may
   * be. Never rejects.
   */
  rehearse(state: State, limits: RunLimits): Promise<RunOutcome>;
  /**
   * CPU time in ms that a new instance takes, from compiled code to the first call; the least of up to five,
   * or the first that is at most `enoughMs`. Nothing can interrupt it.
   */
  measureInstance(enoughMs: number): number;
  /** Frees pooled memory; runs under way end as usual. */
  dispose(): void;
}

/** A module as the store keeps it: rewritten, with what the rewriter told about it. */
export interface LoadableModule {
  /** What it is called where a process could not go on because of it. */
  readonly name?: string;
  readonly bytes: Uint8Array;
  readonly layout: ModuleLayout;
  /** Map from new to old code offsets, as the rewriter encodes it; null if there is none. */
  readonly codeMap: Uint8Array | null;
}

/** Numbers of an engine, for metrics and for tests that nothing leaks. */
export interface EngineStats {
  readonly programs: number;
  /** Runs that have begun and not ended, those that wait for their turn included. */
  readonly inFlight: number;
  /** Runs that wait: for a hostcall or for their turn. */
  readonly waiting: number;
  /** Wiped memories that wait for their next run. */
  readonly pooled: { readonly memories: number; readonly bytes: number };
  /** Ended runs by outcome since the engine began. */
  readonly ended: { readonly returned: number; readonly exited: number; readonly fault: number };
}

/** Compiles programs and runs them. One per process. */
export interface Engine<State> {
  /** Rejects with TER_WASM_INVALID, TER_WASM_UNKNOWN_IMPORT or TER_WASM_COMPILE_TIMEOUT. */
  load(module: LoadableModule): Promise<Program<State>>;
  stats(): EngineStats;
  /** Frees wiped memories that no run needed since the last time; happens by itself now and then. */
  trim(): void;
  /** Disposes all programs and stops the ticker thread; runs under way end as usual. */
  close(): Promise<void>;
}
