// Host functions as a guest's imports: bound to a slot once, so that a run costs no closure.
import type { Guest, HostFunction, HostResult, WasmNumber } from "./types.ts";

/** What a guest's call may answer to V8. */
export type Answer = WasmNumber | void | Promise<WasmNumber | void>;

/** A run, as its imports see it. */
export interface Caller<State> extends Guest<State> {
  /** Thrown at every call once the run has ended in a fault or an exit; null until then. */
  readonly unwinding: unknown;
  /** Passes a result on; a promise suspends the guest. */
  settle(result: HostResult, suspends: boolean): Answer;
  /** Records what a host function threw and returns what has to be thrown at the guest. */
  caught(error: unknown): unknown;
}

/** Where a bound import finds the run under way. */
export interface Seat<State> {
  readonly current: Caller<State> | null;
}

type Call<State> = (guest: Guest<State>, ...args: WasmNumber[]) => HostResult;

/** The import for one host function. Suspending ones get their wrapper here, once. */
export function bindImport<State>(seat: Seat<State>, host: HostFunction<State>, arity: number): WebAssembly.ImportValue {
  const bound = bind(seat, host.call as unknown as Call<State>, host.suspends, arity);
  return host.suspends ? new WebAssembly.Suspending(bound) : bound;
}

function callerOf<State>(seat: Seat<State>): Caller<State> {
  const caller = seat.current;
  if (caller === null) throw new Error("A guest without a run called the host");
  if (caller.unwinding !== null) throw caller.unwinding;
  return caller;
}

/** One closure per number of parameters: gathering them in an array would cost more than most calls. */
function bind<State>(seat: Seat<State>, call: Call<State>, suspends: boolean, arity: number): Function {
  switch (arity) {
    case 0: return () => { const run = callerOf(seat); try { return run.settle(call(run), suspends); } catch (error) { throw run.caught(error); } };
    case 1: return (a: WasmNumber) => { const run = callerOf(seat); try { return run.settle(call(run, a), suspends); } catch (error) { throw run.caught(error); } };
    case 2: return (a: WasmNumber, b: WasmNumber) => { const run = callerOf(seat); try { return run.settle(call(run, a, b), suspends); } catch (error) { throw run.caught(error); } };
    case 3: return (a: WasmNumber, b: WasmNumber, c: WasmNumber) => { const run = callerOf(seat); try { return run.settle(call(run, a, b, c), suspends); } catch (error) { throw run.caught(error); } };
    case 4: return (a: WasmNumber, b: WasmNumber, c: WasmNumber, d: WasmNumber) => { const run = callerOf(seat); try { return run.settle(call(run, a, b, c, d), suspends); } catch (error) { throw run.caught(error); } };
    case 5: return (a: WasmNumber, b: WasmNumber, c: WasmNumber, d: WasmNumber, e: WasmNumber) => { const run = callerOf(seat); try { return run.settle(call(run, a, b, c, d, e), suspends); } catch (error) { throw run.caught(error); } };
    default: return (...args: WasmNumber[]) => { const run = callerOf(seat); try { return run.settle(call(run, ...args), suspends); } catch (error) { throw run.caught(error); } };
  }
}
