// The Wasm border: the one place that decides what becomes of an error inside a hostcall. A mistake or a used-up limit ends the
// instance; what the guest's own code threw goes back to the engine as it is; anything else is a bug of ours.
import type { Completion, Guest, HostFunction, HostResult, WasmNumber } from "../engine/types.ts";
import { TerrariumError } from "../errors/index.ts";
import { CallMistake, ExitRequest, GuestUnwinding, RunEnded } from "./mistakes.ts";
import type { RunState } from "./run-state.ts";
import { tracing } from "./trace.ts";

/** One running guest as domains see it. */
export type Run = Guest<RunState>;

/** What a waiting hostcall promises: the step that ends it, to be taken in the guest's turn. */
export type Later<Result> = Promise<() => Result>;

/** The code behind one hostcall. It may throw any of `mistakes.ts`. */
export type Call = (run: Run, ...args: never[]) => WasmNumber | void | Later<WasmNumber | void>;

/** The engine's view of a hostcall. Whether it waits now is its own matter; `suspends` says whether it ever does. */
export function hostFunction(name: string, suspends: boolean, act: Call): HostFunction<RunState> {
  return { suspends, call: suspends ? waiting(name, act) : direct(name, act) };
}

function direct(name: string, act: Call) {
  const traced = tracing(name, act);
  return (run: Run, ...args: never[]): HostResult => {
    try {
      return (run.state.trace === null ? act(run, ...args) : traced(run, ...args)) as WasmNumber | void;
    } catch (error) {
      return decide(run, name, error);
    }
  };
}

function waiting(name: string, act: Call) {
  const traced = tracing(name, act);
  return (run: Run, ...args: never[]): HostResult => {
    try {
      const result = run.state.trace === null ? act(run, ...args) : traced(run, ...args);
      if (result instanceof Promise) return later(run, name, result);
      run.state.clock.refresh();
      return result;
    } catch (error) {
      return decide(run, name, error);
    }
  };
}

/** Wraps the last step of a call that waited: the same decisions, taken in the guest's turn. */
function later(run: Run, name: string, result: Later<WasmNumber | void>): Promise<Completion> {
  const finish =
    (step: () => WasmNumber | void): Completion =>
    () => {
      try {
        run.state.clock.refresh();
        return step();
      } catch (error) {
        return decide(run, name, error);
      }
    };
  return result.then(finish, (error: unknown) =>
    finish(() => {
      throw error;
    }),
  );
}

function decide(run: Run, name: string, error: unknown): never {
  if (error instanceof GuestUnwinding) throw error.cause;
  if (error instanceof CallMistake) return run.fault(error.in(name));
  if (error instanceof TerrariumError) return run.fault(error);
  if (error instanceof ExitRequest) return run.exit(error.code);
  if (error instanceof RunEnded || isStackOverflow(error)) throw error;
  return run.fault(new TerrariumError("TER_INTERNAL", { reason: `${name} threw` }, { cause: error }));
}

/** The guest recursed until our frame had no room: the engine reports it as the guest's stack overflow. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith("Maximum call stack");
}
