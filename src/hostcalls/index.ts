// Hostcalls: what guests may ask the platform to do.
export { createResolver } from "./dns/resolver.ts";
export { hostFunctions } from "./host-functions.ts";
export { headerPairs } from "./http/header-pairs.ts";
export {
  type CallBudget,
  type CallTree,
  createOutbound,
  type LocalSite,
  type OutboundService,
  type OwnEndpoint,
} from "./http/outbound/index.ts";
export { RunTrace, type TracedCall } from "./trace/run-trace.ts";
export { createRunState, disposeRunState, outgoingResponse, type RunState } from "./run-state.ts";
export { encodeEnvironment } from "./wasi/environment.ts";
export type {
  GuestLog,
  HeaderList,
  IncomingRequest,
  Outbound,
  OutgoingResponse,
  Resolver,
  HostServices,
} from "./types.ts";
