// The Wasm border: the only code that handles errors thrown inside a hostcall. A bad call or an exhausted
// limit ends the instance; what the guest's own code threw is rethrown to the engine unchanged; anything else
// is a bug in Terrarium.
import type { Completion, HostFunction, HostResult, WasmNumber } from "../engine/types.ts";
import { TerrariumError } from "../errors/index.ts";
import { CallError, ExitRequest, GuestUnwinding, RunEnded } from "./call-errors.ts";
import type { Call, Later, CallContext } from "./call-context.ts";
import type { RunState } from "./run-state.ts";
import { tracing } from "./trace/tracing.ts";

/**
 * The engine's view of a hostcall. `suspends` says whether it ever waits; whether it does now is its own
 * decision.
 */
export function hostFunction(name: string, suspends: boolean, act: Call): HostFunction<RunState> {
  return { suspends, call: suspends ? waiting(name, act) : direct(name, act) };
}

function direct(name: string, act: Call) {
  const traced = tracing(name, act);
  return (run: CallContext, ...args: never[]): HostResult => {
    try {
      return (run.state.trace === null ? act(run, ...args) : traced(run, ...args)) as WasmNumber | void;
    } catch (error) {
      return decide(run, name, error);
    }
  };
}

function waiting(name: string, act: Call) {
  const traced = tracing(name, act);
  return (run: CallContext, ...args: never[]): HostResult => {
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

/** Wraps the last step of a call that waited: the same decisions, in the guest's turn. */
function later(run: CallContext, name: string, result: Later<WasmNumber | void>): Promise<Completion> {
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

function decide(run: CallContext, name: string, error: unknown): never {
  if (error instanceof GuestUnwinding) throw error.cause;
  if (error instanceof CallError) return run.fault(error.in(name));
  if (error instanceof TerrariumError) return run.fault(error);
  if (error instanceof ExitRequest) return run.exit(error.code);
  if (error instanceof RunEnded || isStackOverflow(error)) throw error;
  return run.fault(new TerrariumError("TER_INTERNAL", { reason: `${name} threw` }, { cause: error }));
}

/** The guest recursed until our frame had no room: the engine reports a stack overflow of the guest. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith("Maximum call stack");
}
