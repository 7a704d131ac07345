// The types that tie the code of a domain to the hostcall table: a missing or wrongly typed call does not
// compile.
import {
  HOSTCALLS,
  type HostcallArguments,
  type HostcallName,
  type HostcallResult,
  type HostcallsOf,
} from "../abi/index.ts";
import type { HostFunction } from "../engine/types.ts";
import { hostFunction } from "./border.ts";
import type { Call, Later, CallContext } from "./call-context.ts";
import type { RunState } from "./run-state.ts";

type MaySuspend<Name extends HostcallName> = (typeof HOSTCALLS)[Name]["maySuspend"];

/** The code behind one hostcall; only one that may suspend may return a promise. */
export type HostcallCode<Name extends HostcallName> = (
  run: CallContext,
  ...args: HostcallArguments<Name>
) => MaySuspend<Name> extends true
  ? HostcallResult<Name> | Later<HostcallResult<Name>>
  : HostcallResult<Name>;

/** The code of a domain: an object literal that `satisfies` this has exactly these calls. */
export type Calls<Domain extends (typeof HOSTCALLS)[HostcallName]["domain"]> = {
  readonly [Name in HostcallsOf<Domain>]: HostcallCode<Name>;
};

/** Binds code to the names, arities and suspension of the table. */
export function hostFunctionsOf(calls: { readonly [Name in HostcallName]: HostcallCode<Name> }): Record<
  string,
  HostFunction<RunState>
> {
  const functions: Record<string, HostFunction<RunState>> = Object.create(null);
  for (const name of Object.keys(HOSTCALLS) as HostcallName[]) {
    functions[name] = hostFunction(name, HOSTCALLS[name].maySuspend, calls[name] as Call);
  }
  return functions;
}
