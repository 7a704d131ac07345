// Host functions as a guest's imports: bound to a slot once, so that a run costs no closure.
import type { Guest, HostFunction, HostResult, WasmNumber } from "../types.ts";

/** What an import may return to V8. */
export type ImportResult = WasmNumber | void | Promise<WasmNumber | void>;

/**
 * What a module's initialization called on the host: decides whether its result may be kept for later runs.
 */
export interface InitRecord<State> {
  /** A function that may answer each request differently; null if none was called. */
  varying: string | null;
  /** Calls that affect only the state of the run, to be repeated in each run. */
  readonly replays: ((guest: Guest<State>) => void)[];
}

/** A run, as its imports see it. */
export interface Caller<State> extends Guest<State> {
  /** Set while start and `_initialize` run and their result could be kept. */
  readonly initRecord: InitRecord<State> | null;
  /**
   * Only initialization runs, outside any request: it ends at the first call that may answer each request
   * differently.
   */
  readonly rehearses: boolean;
  /** Thrown at every call once the run has ended in a fault or an exit; null until then. */
  readonly unwinding: unknown;
  /** The ticker has killed the slice under way. */
  readonly isKilled: boolean;
  /** Passes a result on; a promise suspends the guest. */
  settle(result: HostResult, suspends: boolean): ImportResult;
  /** Records what a host function threw, and returns what to throw at the guest. */
  caught(error: unknown): unknown;
}

/** Where a bound import finds the current run. */
export interface Seat<State> {
  readonly current: Caller<State> | null;
}

type Call<State> = (guest: Guest<State>, ...args: WasmNumber[]) => HostResult;

/** The import for one host function. Suspending ones get their wrapper here, once. */
export function bindImport<State>(
  seat: Seat<State>,
  name: string,
  host: HostFunction<State>,
  arity: number,
): WebAssembly.ImportValue {
  const call = host.call as unknown as Call<State>;
  if (host.replays === true) return bindReplayed(seat, call);
  const bound = bind(seat, name, call, host.suspends, arity);
  return host.suspends ? new WebAssembly.Suspending(bound) : bound;
}

function callerOf<State>(seat: Seat<State>): Caller<State> {
  const caller = seat.current;
  if (caller === null) throw new Error("A guest without a run called the host");
  if (caller.unwinding !== null) throw caller.unwinding;
  // The rewriter relies on it: guest code need not read the kill word before it calls the host.
  if (caller.isKilled) throw caller.caught(undefined);
  return caller;
}

/** The caller of a function that may answer each request differently. */
function varyingCallerOf<State>(seat: Seat<State>, name: string): Caller<State> {
  const caller = callerOf(seat);
  if (caller.initRecord !== null) {
    caller.initRecord.varying ??= name;
    if (caller.rehearses) caller.exit(0);
  }
  return caller;
}

function bindReplayed<State>(seat: Seat<State>, call: Call<State>): Function {
  return (...args: WasmNumber[]) => {
    const run = callerOf(seat);
    try {
      run.initRecord?.replays.push((guest) => void call(guest, ...args));
      return run.settle(call(run, ...args), false);
    } catch (error) {
      throw run.caught(error);
    }
  };
}

/** One closure per number of parameters: collecting them in an array would cost more than most calls. */
function bind<State>(
  seat: Seat<State>,
  name: string,
  call: Call<State>,
  suspends: boolean,
  arity: number,
): Function {
  switch (arity) {
    case 0:
      return () => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    case 1:
      return (a: WasmNumber) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, a), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    case 2:
      return (a: WasmNumber, b: WasmNumber) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, a, b), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    case 3:
      return (a: WasmNumber, b: WasmNumber, c: WasmNumber) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, a, b, c), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    case 4:
      return (a: WasmNumber, b: WasmNumber, c: WasmNumber, d: WasmNumber) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, a, b, c, d), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    case 5:
      return (a: WasmNumber, b: WasmNumber, c: WasmNumber, d: WasmNumber, e: WasmNumber) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, a, b, c, d, e), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
    default:
      return (...args: WasmNumber[]) => {
        const run = varyingCallerOf(seat, name);
        try {
          return run.settle(call(run, ...args), suspends);
        } catch (error) {
          throw run.caught(error);
        }
      };
  }
}
