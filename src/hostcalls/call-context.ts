// What the code of a hostcall sees of its run, and the type of that code.
import type { Guest, WasmNumber } from "../engine/types.ts";
import type { RunState } from "./run-state.ts";

/** The calling guest, with the host's state for its run. */
export type CallContext = Guest<RunState>;

/** What a waiting hostcall resolves to: its last step, to be taken in the guest's turn. */
export type Later<Result> = Promise<() => Result>;

/** The code behind one hostcall. It may throw any error of `call-errors.ts`. */
export type Call = (run: CallContext, ...args: never[]) => WasmNumber | void | Later<WasmNumber | void>;
