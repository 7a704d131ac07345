// All host functions by import module and name: the hostcalls of the contract, what
// plain `asc` imports, and WASI preview 1.
import { HOSTCALL_MODULE, type HostcallName, WASI_MODULE } from "../abi/index.ts";
import type { HostFunction, HostFunctions } from "../engine/types.ts";
import { assemblyScriptFunctions } from "./assemblyscript/calls.ts";
import { hostFunctionsOf } from "./calls.ts";
import { DNS_CALLS } from "./dns/calls.ts";
import { PENDING_CALLS } from "./http/pending.ts";
import { REQUEST_CALLS } from "./http/request.ts";
import { RESPONSE_CALLS } from "./http/response.ts";
import { KV_CALLS } from "./kv/calls.ts";
import { DEBUG_CALLS } from "./log/calls.ts";
import { MEMORY_CALLS } from "./memory/calls.ts";
import { PANIC_CALLS } from "./panic/calls.ts";
import { RANDOM_CALLS } from "./random/calls.ts";
import type { RunState } from "./run-state.ts";
import { TIME_CALLS } from "./time/calls.ts";
import { wasiFunctions } from "./wasi/calls.ts";

/**
 * Calls that only record something in the run's state. AssemblyScript modules make them in their start
 * function; the engine may keep such a module initialized and repeat the call in each run.
 */
const REPLAYED = ["hostcall_init_mm"] as const satisfies HostcallName[];

/** Everything that a module may import. */
export const hostFunctions: HostFunctions<RunState> = byModule();

function byModule(): HostFunctions<RunState> {
  const modules: Record<string, Readonly<Record<string, HostFunction<RunState>>>> = Object.create(null);
  const calls = hostFunctionsOf({
    ...DEBUG_CALLS,
    ...DNS_CALLS,
    ...KV_CALLS,
    ...MEMORY_CALLS,
    ...PANIC_CALLS,
    ...PENDING_CALLS,
    ...RANDOM_CALLS,
    ...REQUEST_CALLS,
    ...RESPONSE_CALLS,
    ...TIME_CALLS,
  });
  for (const name of REPLAYED) calls[name] = { ...calls[name], replays: true } as HostFunction<RunState>;
  modules[HOSTCALL_MODULE] = Object.freeze(Object.assign(calls, assemblyScriptFunctions()));
  modules[WASI_MODULE] = Object.freeze(wasiFunctions());
  return Object.freeze(modules);
}
