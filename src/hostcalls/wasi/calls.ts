// All functions of WASI preview 1.
import type { WasiName } from "../../abi/index.ts";
import type { HostFunction } from "../../engine/types.ts";
import { hostFunction } from "../border.ts";
import type { Call } from "../call-context.ts";
import type { RunState } from "../run-state.ts";
import { ENVIRONMENT_CALLS } from "./environment.ts";
import { FILE_CALLS } from "./files.ts";
import { POLL_CALLS } from "./poll.ts";
import { PROCESS_CALLS } from "./process.ts";
import { STREAM_CALLS } from "./streams.ts";

const CALLS = {
  ...ENVIRONMENT_CALLS,
  ...FILE_CALLS,
  ...POLL_CALLS,
  ...PROCESS_CALLS,
  ...STREAM_CALLS,
} satisfies Record<WasiName, unknown>;

/** Calls in which a guest may wait. */
const SUSPENDING: ReadonlySet<string> = new Set<WasiName>(["poll_oneoff", "sched_yield"]);

/** WASI as the engine takes it. */
export function wasiFunctions(): Record<string, HostFunction<RunState>> {
  const functions: Record<string, HostFunction<RunState>> = Object.create(null);
  for (const [name, call] of Object.entries(CALLS))
    functions[name] = hostFunction(name, SUSPENDING.has(name), call as Call);
  return functions;
}
