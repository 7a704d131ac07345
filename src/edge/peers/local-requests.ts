// Requests of guests to names of their own platform never leave the machine: they enter the pipeline one level deeper.
import { TerrariumError } from "../../errors/index.ts";
import type { OutboundRequest, OutboundResponse } from "../../hostcalls/types.ts";
import type { Handler } from "../exchange.ts";
import { destinationOf } from "../routing/authority.ts";
import type { LocalDispatch } from "../types.ts";
import { MemoryExchange } from "./memory-exchange.ts";

/** Makes the dispatcher for runs at a depth. Undefined results are for the network. */
export function createLocalDispatch(domain: string, handler: Handler): (depth: number) => LocalDispatch {
  return (depth) => (request, signal) => dispatch(domain, handler, request, depth + 1, signal);
}

function dispatch(domain: string, handler: Handler, request: OutboundRequest, depth: number, signal: AbortSignal): Promise<OutboundResponse> | undefined {
  const named = destinationOf(request.url.host, domain);
  if (named.kind === "foreign" || named.kind === "malformed") return undefined;
  // The host that a program sets decides whom it reaches, as it would on the wire.
  const authority = request.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? request.url.host;
  if (named.kind === "control" || destinationOf(authority, domain).kind === "control") {
    return Promise.reject(new TerrariumError("TER_EDGE_NOT_FOR_GUESTS", { host: domain }));
  }
  const exchange = new MemoryExchange(request, authority, depth, signal);
  exchange.onGone(() => exchange.destroy());
  handler(exchange);
  return exchange.response;
}
