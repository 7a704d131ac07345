// The four ways into an edge: cleartext HTTP/1.1, TLS with HTTP/1.1 or HTTP/2 by ALPN, and the socket for
// peers.
import type { IncomingMessage, Server } from "node:http";
import type { Server as NetServer } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { Handler, Origin } from "../request/exchange.ts";
import { decodePassed, PASSED_HEADER } from "../peers/passed.ts";
import { BodyReads } from "../request/body.ts";
import { UnsentResponses } from "../response/unsent.ts";
import type { Presented } from "../tls/secure-options.ts";
import { createHttp1Server } from "./http1.ts";
import type { ListenerState } from "./http1-exchange.ts";
import { createHttp2Sessions, type Http2Sessions } from "./http2.ts";
import { listenTcp, listenUnix } from "./listen.ts";
import { CHECK_INTERVAL_MS, HANDSHAKE_TIMEOUT_MS, STALL_MARGIN_MS } from "./settings.ts";

export interface ListenersOptions {
  readonly config: Config;
  /** Null: no HTTPS. */
  readonly presented: Presented | null;
  /** Null: no peers. */
  readonly peerSocket: string | null;
  /** False: only the socket for peers is opened; the ports are those of the configuration. */
  readonly listens: boolean;
  readonly handler: Handler;
  readonly now: () => number;
}

/** Open listeners. */
export interface Listeners {
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly http2Sessions: () => number;
  /**
   * Takes no further connections, and no further requests on those there are. Resolves when the last of them
   * has ended.
   */
  stop(): Promise<void>;
  /** Cuts all connections off. */
  destroy(): void;
}

/** Opens them all, or none: rejects with TER_CANNOT_LISTEN. */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { config, handler, now, presented, peerSocket, listens } = options;
  const state: ListenerState = { closing: false };
  const reads = new BodyReads(now);
  const unsent = new UnsentResponses(now);
  const stallMs = config.limits.wallMs + STALL_MARGIN_MS;
  const common = { handler, limits: config.limits, reads, unsent, stallMs, now };
  const http1 = createHttp1Server({ ...common, state });
  const peers = createHttp1Server({ ...common, state, originOf: passedOrigin });
  const http2 = createHttp2Sessions(common);
  const tls = presented === null ? null : tlsServer(presented, http1, http2);
  const sweep = setInterval(() => {
    reads.sweep();
    unsent.sweep();
    http2.sweep();
  }, CHECK_INTERVAL_MS).unref();
  const servers = [http1, peers, ...(tls === null ? [] : [tls])];
  const stop = async () => {
    state.closing = true;
    const closed = servers.map(closeServer);
    http1.closeIdleConnections();
    http2.goAway();
    await Promise.all(closed);
  };
  const destroy = () => {
    void stop();
    clearInterval(sweep);
    http1.closeAllConnections();
    peers.closeAllConnections();
    http2.destroy();
  };
  try {
    const shared = config.edges > 1;
    const httpPort = listens ? await listenTcp(http1, config.listen, shared) : config.listen.port;
    const httpsPort =
      tls === null || config.listenTls === null
        ? null
        : listens
          ? await listenTcp(tls, config.listenTls, shared)
          : config.listenTls.port;
    if (peerSocket !== null) await listenUnix(peers, peerSocket);
    return { httpPort, httpsPort, http2Sessions: http2.size, stop, destroy };
  } catch (error) {
    destroy();
    throw error;
  }
}

function closeServer(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function tlsServer(presented: Presented, http1: Server, http2: Http2Sessions): TlsServer {
  const server = createTlsServer({
    ALPNProtocols: ["h2", "http/1.1"],
    ...presented,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    minVersion: "TLSv1.2",
  });
  server.on("secureConnection", (socket) => {
    if (socket.alpnProtocol === "h2") http2.server.emit("connection", socket);
    else http1.emit("connection", socket);
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** Only here are the platform's own headers believed: nobody else can reach the socket. */
function passedOrigin(request: IncomingMessage): Origin {
  const header = request.headers[PASSED_HEADER];
  const passed = decodePassed(typeof header === "string" ? header : undefined);
  if (passed === undefined)
    throw new TerrariumError("TER_EDGE_BAD_REQUEST", {
      reason: "it came to the socket for peers from somewhere else",
    });
  return { scheme: passed.scheme, clientAddress: passed.client, depth: passed.depth };
}
