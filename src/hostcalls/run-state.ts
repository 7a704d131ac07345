// The state of one run on the host's side: created for a request, disposed when its run is over, shared with
// nobody.
import { HttpState } from "./http/http-state.ts";
import { RunLog } from "./log/run-log.ts";
import type { Malloc } from "./memory/function-types.ts";
import type { MemoryViews } from "./memory/memory-views.ts";
import { RandomPool } from "./random/random-pool.ts";
import { RunClock } from "./time/clock.ts";
import type { RunTrace } from "./trace/run-trace.ts";
import type { IncomingRequest, OutgoingResponse, HostServices } from "./types.ts";

/** What hostcalls remember during one run. */
export interface RunState {
  readonly services: HostServices;
  readonly http: HttpState;
  readonly log: RunLog;
  readonly clock: RunClock;
  /** Views of the guest's memory as it was last seen. */
  views: MemoryViews | null;
  readonly random: RandomPool;
  /** The guest's allocator, once it has named it. */
  malloc: Malloc | null;
  /** The host is inside the guest's allocator. */
  allocating: boolean;
  /** Work that hostcalls have done for the run, in units of `host-work.ts`. */
  workUnits: number;
  keyValueOperations: number;
  dnsQueries: number;
  /** Null unless this run is recorded. */
  readonly trace: RunTrace | null;
}

/** State for one request. */
export function createRunState(
  services: HostServices,
  request: IncomingRequest,
  trace: RunTrace | null = null,
): RunState {
  return {
    services,
    http: new HttpState(request, services),
    log: new RunLog(services, services.limits.logBytes),
    clock: new RunClock(services.now),
    views: null,
    random: new RandomPool(services.random),
    malloc: null,
    allocating: false,
    workUnits: 0,
    keyValueOperations: 0,
    dnsQueries: 0,
    trace,
  };
}

/** The response as the guest has built it so far. */
export function outgoingResponse(state: RunState): OutgoingResponse {
  return state.http.response();
}

/**
 * Disposes the state when its run is over: unfinished output lines go to the log; handles and queued
 * subrequests are dropped.
 */
export function disposeRunState(state: RunState): void {
  state.log.flush();
  state.http.dispose();
  state.views = null;
  state.malloc = null;
}
