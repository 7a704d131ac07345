// One line of JSON per request on standard error, on request.
import { pino } from "pino";
import type { Config } from "../../config/index.ts";
import { logDestination } from "../../processes/log-destination.ts";
import type { Exchange } from "../request/exchange.ts";

/** Undefined unless the level is `debug`, so that otherwise the edge does not even read the clock. */
export function createRequestLog(
  level: Config["logLevel"],
  edge: string,
  now: () => number,
): ((exchange: Exchange, startedAtMs: number) => void) | undefined {
  if (level !== "debug") return undefined;
  const log = pino({ level, base: { edge } }, logDestination());
  return ({ method, authority, target, status, clientAddress, depth }, startedAtMs) => {
    const query = target.indexOf("?");
    // Queries contain secrets more often than paths.
    const path = query === -1 ? target : target.slice(0, query);
    log.debug(
      { method, host: authority, path, status, client: clientAddress, depth, ms: now() - startedAtMs },
      "Request",
    );
  };
}
