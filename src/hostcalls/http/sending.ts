// From a created request to a received response: shared by send, wait, poll and select.
import { ERROR } from "../../abi/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { CallContext } from "../call-context.ts";
import type { OutboundRequest } from "../types.ts";
import type { CreatedRequest } from "./http-state.ts";
import type { Pending, Settled } from "./subrequests.ts";

/** Counts the request and starts it, or queues it. */
export function dispatch(run: CallContext, created: CreatedRequest): Pending {
  const { http, services, log } = run.state;
  const { subrequests } = http;
  subrequests.spend();
  const request: OutboundRequest = {
    method: created.method,
    url: created.url,
    headers: created.headers.list(),
    body: created.body,
  };
  return subrequests.start(async () => {
    const { receive, complete, end } = http.arrival();
    const grant = { signal: run.signal, spend: () => subrequests.spend(), receive };
    try {
      return complete(await services.outbound.send(request, grant));
    } catch (error) {
      end();
      if (!run.signal.aborted && !(error instanceof TerrariumError))
        log.platform(`${created.method} ${shown(created.url)} failed: ${reason(error)}`);
      throw error;
    }
  });
}

/** What the guest gets of a subrequest that ended: a response handle or -1. A used-up limit is a fault. */
export function conclude(run: CallContext, settled: Settled): number {
  const { trace, http } = run.state;
  if ("answer" in settled) {
    trace?.explain(`${settled.answer.status}, ${settled.answer.body.length} bytes`);
    return http.receive(settled.answer);
  }
  if (settled.failure instanceof TerrariumError) throw settled.failure;
  trace?.explain(reason(settled.failure));
  return ERROR;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}

/** A URL for the log: without user information and query, which may hold secrets. */
function shown(url: URL): string {
  return url.origin + url.pathname;
}
