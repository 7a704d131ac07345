// Hostcalls: what guests may ask of the platform.
export { createResolver } from "./dns/resolver.ts";
export { hostFunctions } from "./host-functions.ts";
export { headerPairs } from "./http/header-pairs.ts";
export {
  createOutbound,
  type LocalSite,
  type OutboundService,
  type OwnEndpoint,
} from "./http/outbound/index.ts";
export { hostcallLimits } from "./limits.ts";
export { RunTrace, type TracedCall } from "./trace.ts";
export { createRunState, disposeRunState, outgoingResponse, type RunState } from "./run-state.ts";
export type {
  GuestLog,
  HeaderList,
  HostcallLimits,
  IncomingRequest,
  Outbound,
  OutgoingResponse,
  Resolver,
  Services,
} from "./types.ts";
export { WASI_MODULE, WASI_SIGNATURES } from "../abi/index.ts";
