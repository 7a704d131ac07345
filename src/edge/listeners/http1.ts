// HTTP/1.1: Node's parser, with stricter rules where it is lenient. One server accepts cleartext sockets, and
// TLS sockets passed to it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { TerrariumError } from "../../errors/index.ts";
import type { Handler } from "../request/exchange.ts";
import { inspectHead, refusedCoding, malformed, type HeadFields, type HeadLimits } from "../request/head.ts";
import { pathOfTarget } from "../request/head.ts";
import { sendError } from "../response/error-page.ts";
import { isAuthority } from "../request/authority.ts";
import { answerBrokenRequest, refuseConnect } from "./broken-request.ts";
import type { ProxiedClients } from "./proxied-sockets.ts";
import { connectionOf, forwardedBy, type ReceivedConnection } from "./client-connection.ts";
import { Http1Exchange, type Http1Shared } from "./http1-exchange.ts";
import { acceptMinorVersions } from "./minor-versions.ts";
import { probeShutClients } from "./shut-clients.ts";
import type { TrustedProxies } from "../request/trusted-proxies.ts";
import { CHECK_INTERVAL_MS, HEADER_TIMEOUT_MS, KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from "./settings.ts";

export interface Http1Options extends Http1Shared {
  /** Null: none is trusted. */
  readonly proxies: TrustedProxies | null;
  /** Whose connections are, where a proxy says it first; null: nobody's. */
  readonly clients: ProxiedClients | null;
  readonly handler: Handler;
  readonly limits: HeadLimits;
  /** Sockets without progress are dropped after this. */
  readonly stallMs: number;
}

/** A server that is not listening yet. */
export function createHttp1Server(options: Http1Options): Server {
  const { urlBytes, headerBytes } = options.limits;
  acceptMinorVersions();
  const server = createServer({
    // The request line, both limits, and room to tell which one was exceeded.
    maxHeaderSize: urlBytes + headerBytes * 2,
    headersTimeout: HEADER_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requireHostHeader: false,
    insecureHTTPParser: false,
    optimizeEmptyRequests: true,
    noDelay: true,
  });
  // Node silently drops headers beyond a count; we count what really arrived.
  server.maxHeadersCount = 0;
  server.timeout = options.stallMs;
  // A client that has nothing more to send may still read: without this, Node treats the end of requests as
  // the end of the client.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  probeShutClients(server, options.clients);
  for (const event of ["request", "checkContinue", "checkExpectation"])
    server.on(event, (request: IncomingMessage, response: ServerResponse) =>
      take(options, request, response),
    );
  server.on("connect", (_request, socket) => refuseConnect(socket as Socket));
  server.on("clientError", (error, socket) => answerBrokenRequest(error, socket as Socket, options.limits));
  return server;
}

function take(options: Http1Options, request: IncomingMessage, response: ServerResponse): void {
  const connection = connectionOf(request.socket, options.clients);
  if (connection.broken) return;
  connection.response = response;
  try {
    if (request.httpVersionMajor !== 1) throw malformed(`its version is HTTP/${request.httpVersion}`);
    const fields = inspectHead(request.url ?? "", request.rawHeaders, options.limits);
    options.handler(exchangeOf(options, request, response, fields, connection));
  } catch (error) {
    if (!(error instanceof TerrariumError)) throw error;
    // To some readers, what follows may be part of this message; the parser may have it already.
    connection.broken = true;
    response.shouldKeepAlive = false;
    const framing = {
      target: "/",
      authority: "",
      contentLength: undefined,
      chunked: false,
      expectsContinue: false,
    };
    sendError(new Http1Exchange(request, response, connection, framing, connection, options), error);
  }
}

function exchangeOf(
  options: Http1Options,
  request: IncomingMessage,
  response: ServerResponse,
  fields: HeadFields,
  connection: ReceivedConnection,
): Http1Exchange {
  const forwarded = forwardedBy(connection, options.proxies, request.rawHeaders);
  const host = forwarded?.authority ?? fields.host;
  if (host === undefined) throw malformed("there is no host header");
  if (host !== connection.authority) {
    if (!isAuthority(host)) throw malformed("the host is not a name");
    connection.authority = host;
  }
  if (fields.upgrade?.includes("websocket") === true) throw new TerrariumError("TER_EDGE_NO_UPGRADE");
  if (fields.transferEncoding !== undefined) checkTransferEncoding(request, fields.transferEncoding);
  const framing = {
    target: pathOfTarget(request.method ?? "GET", request.url ?? "", fields.host ?? host),
    authority: host,
    contentLength: fields.contentLength,
    chunked: fields.transferEncoding !== undefined,
    // HTTP/1.0 has no interim responses (RFC 9110 section 10.1.1).
    expectsContinue: fields.expectsContinue && request.httpVersionMinor > 0,
  };
  const origin = forwarded?.origin ?? connection;
  return new Http1Exchange(request, response, origin, framing, connection, options);
}

function checkTransferEncoding(request: IncomingMessage, value: string): void {
  if (request.httpVersionMinor === 0) throw malformed("HTTP/1.0 has no transfer-encoding");
  if (value.toLowerCase() !== "chunked") throw refusedCoding(value);
}
