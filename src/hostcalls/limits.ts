// The limits of one run as hostcalls count them, taken from the platform's.
import type { Limits } from "../config/index.ts";
import type { HostcallLimits } from "./types.ts";

/** Limits of one run out of the platform's configuration. */
export function hostcallLimits(limits: Limits): HostcallLimits {
  return {
    maxSubrequests: limits.subrequests,
    maxConcurrentSubrequests: limits.concurrentSubrequests,
    maxOutboundBodyBytes: limits.outboundBodyBytes,
    maxHandles: limits.handles,
    maxHeldBytes: limits.heldBytes,
    maxCopyBytes: limits.copyBytes,
    maxHeaderBytes: limits.headerBytes,
    maxKeyValueOperations: limits.keyValueOperations,
    maxDnsQueries: limits.dnsQueries,
    maxLogBytes: limits.logBytes,
    maxResponseBodyBytes: limits.responseBodyBytes,
  };
}
