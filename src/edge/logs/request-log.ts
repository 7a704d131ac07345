// One line of JSON per request on standard error, for who asked for it.
import { destination, pino } from "pino";
import type { Config } from "../../config/index.ts";
import type { Exchange } from "../request/exchange.ts";

/** Undefined unless the level is `debug`: then the edge does not even look at the clock. */
export function createRequestLog(
  level: Config["logLevel"],
  edge: string,
): ((exchange: Exchange, startedAtMs: number) => void) | undefined {
  if (level !== "debug") return undefined;
  const log = pino({ level, base: { edge } }, destination({ dest: 2, sync: false }));
  return ({ method, authority, target, status, clientAddress, depth }, startedAtMs) => {
    const query = target.indexOf("?");
    // Queries carry secrets more often than paths do.
    const path = query === -1 ? target : target.slice(0, query);
    log.debug(
      { method, host: authority, path, status, client: clientAddress, depth, ms: Date.now() - startedAtMs },
      "Request",
    );
  };
}
