// Requests of guests to names of their own platform never leave the machine: they enter the pipeline one
// level deeper.
import { TerrariumError } from "../../errors/index.ts";
import type { LocalSite } from "../../hostcalls/index.ts";
import type { Handler } from "../request/exchange.ts";
import { destinationOf } from "../request/authority.ts";
import { MemoryExchange } from "./memory-exchange.ts";

/**
 * The platform's own names, on the ports where it listens and on those of their schemes, behind which it may
 * stand. The bare domain is one of them, but guests cannot use the control API. `maxCalls`: requests below
 * one client's.
 */
export function createLocalSite(
  { domain, maxCalls }: { readonly domain: string; readonly maxCalls: number },
  ports: () => readonly number[],
  handler: Handler,
): LocalSite {
  return {
    owns(url) {
      if (url.port !== "" && !ports().includes(Number(url.port))) return false;
      const { kind } = destinationOf(url.host, domain);
      return kind === "deployment" || kind === "control";
    },
    dispatch(request, tree, signal) {
      const authority = request.url.host;
      if (destinationOf(authority, domain).kind !== "deployment") {
        return Promise.reject(new TerrariumError("TER_EDGE_NOT_FOR_GUESTS", { host: domain }));
      }
      const { budget } = tree;
      if (budget.left <= 0)
        return Promise.reject(new TerrariumError("TER_EDGE_TOO_MANY_CALLS", { allowed: maxCalls }));
      budget.left--;
      const exchange = new MemoryExchange(request, authority, tree, signal);
      exchange.onGone(() => exchange.destroy());
      handler(exchange);
      return exchange.response;
    },
  };
}
