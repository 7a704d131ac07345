// Passes a request on to another process of the platform over its Unix socket, streaming both ways.
import { type Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { pipeline } from "node:stream";
import { TerrariumError } from "../../errors/index.ts";
import type { Exchange } from "../request/exchange.ts";
import { INTERNAL_PREFIX } from "../request/incoming.ts";
import { sendError } from "../response/error-page.ts";
import { passableHeaders } from "../response/headers.ts";

export interface ForwardTarget {
  readonly socketPath: string;
  readonly agent: Agent;
  /** What only we may say about the request, by header name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What the client gets if nobody answers. */
  readonly unreachable: "TER_EDGE_CONTROL_UNREACHABLE" | "TER_EDGE_PEER_UNREACHABLE";
}

/** Resolves when the exchange is over, however it ended. */
export function forward(exchange: Exchange, target: ForwardTarget): Promise<void> {
  return new Promise((resolve) => {
    const upstream = httpRequest({
      socketPath: target.socketPath,
      agent: target.agent,
      method: exchange.method,
      path: exchange.target,
      headers: requestHeaders(exchange, target.metadata),
    });
    let answered = false;
    exchange.onGone(() => {
      upstream.destroy();
      resolve();
    });
    upstream.on("error", () => {
      if (answered) exchange.destroy();
      else sendError(exchange, new TerrariumError(target.unreachable));
      resolve();
    });
    upstream.on("response", (response) => {
      answered = true;
      passBack(exchange, response, resolve);
    });
    if (exchange.hasBody) pipeline(exchange.bodyStream(), upstream, () => undefined);
    else upstream.end();
  });
}

/** The client's headers as they were, except connection headers and the platform's own names. */
function requestHeaders(exchange: Exchange, metadata: ForwardTarget["metadata"]): string[] {
  const headers = passableHeaders(
    exchange.rawHeaders,
    (name) => name !== "host" && name !== "expect" && !name.startsWith(INTERNAL_PREFIX),
  );
  headers.unshift("host", exchange.authority, ...Object.entries(metadata).flat());
  if (exchange.hasBody && exchange.header("content-length") === undefined)
    headers.push("transfer-encoding", "chunked");
  return headers;
}

function passBack(exchange: Exchange, response: IncomingMessage, done: () => void): void {
  const writable = exchange.open(
    response.statusCode ?? 502,
    passableHeaders(response.rawHeaders, () => true),
  );
  if (writable === undefined) {
    response.destroy();
    done();
    return;
  }
  pipeline(response, writable, (error) => {
    if (error) exchange.destroy();
    done();
  });
}
