// What a run took, told on demand in a `server-timing` header (W3C Server Timing).
import type { RunCost } from "../accounts/run-accounts.ts";
import type { Exchange } from "../exchange.ts";

/** A request from this machine with this header learns what its run took. */
export const TIMING_HEADER = "x-terrarium-timing";

/** Only who is on this machine: elsewhere the figures would tell tenants about each other. Programs do not count as such. */
export function wantsTiming(exchange: Exchange): boolean {
  if (!isLoopback(exchange.clientAddress) || exchange.depth > 0) return false;
  return exchange.header(TIMING_HEADER) !== undefined;
}

/** Name and value of the header; nothing for who did not ask, and of programs that do not run in the engine. */
export function timingHeaders(exchange: Exchange, cost: RunCost | undefined): readonly string[] {
  if (cost === undefined || !wantsTiming(exchange)) return [];
  return ["server-timing", `run;dur=${cost.wallMs.toFixed(3)}, cpu;dur=${cost.cpuMs.toFixed(3)}`];
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
