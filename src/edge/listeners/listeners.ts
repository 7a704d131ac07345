// The four ways into an edge: cleartext HTTP/1.1, TLS with HTTP/1.1 or HTTP/2 by ALPN, and the socket for
// peers.
import { Server as NetServer } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from "node:tls";
import type { Config, ListenAddress } from "../../config/index.ts";
import { memoryPlan } from "../../config/memory-plan.ts";
import type { Awaitable } from "../../store/types.ts";
import { TrustedProxies } from "../request/trusted-proxies.ts";
import type { Handler } from "../request/exchange.ts";
import { createPeerServer } from "../peers/passed-exchange.ts";
import { BodyReads } from "../request/body.ts";
import { UnsentResponses } from "../response/unsent.ts";
import type { Presented } from "../tls/secure-options.ts";
import { connectionOf } from "./client-connection.ts";
import { ConnectionBudget, refuseConnection } from "./connection-budget.ts";
import { createFront, ProxiedClients } from "./proxied-sockets.ts";
import { createHttp1Server } from "./http1.ts";
import type { ListenerState } from "./http1-exchange.ts";
import { createHttp2Sessions } from "./http2.ts";
import { type BoundSockets, listenTcp, listenUnix } from "./listen.ts";
import { CHECK_INTERVAL_MS, HANDSHAKE_TIMEOUT_MS, STALL_MARGIN_MS } from "./settings.ts";

export interface ListenersOptions {
  readonly config: Config;
  /** Null: no HTTPS. */
  readonly presented: Presented | null;
  /** Null: no peers. */
  readonly peerSocket: string | null;
  /**
   * Resolves when it is time to listen. Null: only the socket for peers is opened, and the ports are the
   * configured ones.
   */
  readonly sockets: (() => Awaitable<BoundSockets>) | null;
  readonly handler: Handler;
  readonly now: () => number;
  /** Keys of TLS session tickets; undefined: its own. */
  readonly ticketKeys?: Buffer | undefined;
}

/** Open listeners. */
export interface Listeners {
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly http2Sessions: () => number;
  /** Bytes of responses that clients have not taken yet. */
  readonly unsentBytes: () => number;
  /**
   * Accepts no more connections, and tells clients to leave the existing ones: `Connection: close` with the
   * next response, GOAWAY in HTTP/2. Requests in flight are still served. Resolves when the last connection
   * has ended.
   */
  retire(): Promise<void>;
  changeTicketKeys(keys: Buffer): void;
  /** Closes idle connections; accepts no more requests on the others. */
  closeIdle(): void;
  /** Cuts all connections off. */
  destroy(): void;
}

/** Opens them all, or none: rejects with TER_CANNOT_LISTEN. */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { config, handler, now, presented, peerSocket } = options;
  const state: ListenerState = { closing: false };
  const reads = new BodyReads(now);
  const unsent = new UnsentResponses(now, memoryPlan(config).unsentBytes);
  const stallMs = config.limits.wallMs + STALL_MARGIN_MS;
  const proxies = config.trustProxy.length === 0 ? null : new TrustedProxies(config.trustProxy);
  const clients = config.proxyProtocol ? new ProxiedClients() : null;
  const common = { proxies, clients, handler, limits: config.limits, reads, unsent, stallMs, now };
  const http1 = createHttp1Server({ ...common, state });
  const peers = createPeerServer(handler, reads);
  const http2 = createHttp2Sessions(common);
  const budget = new ConnectionBudget({
    isShared: config.quotas !== null,
    proxies,
    closeIdle: () => {
      http1.closeIdleConnections();
      http2.closeIdle();
    },
  });
  // Before Node's own listener; TLS connections come here too.
  http1.prependListener("connection", (socket) => {
    if (budget.admit(socket)) return;
    connectionOf(socket, clients).broken = true;
    refuseConnection(socket, "http/1.1");
  });
  const begin = (socket: TLSSocket) => {
    if (socket.alpnProtocol !== "h2") http1.emit("connection", socket);
    else if (budget.admit(socket)) http2.server.emit("connection", socket);
    else refuseConnection(socket, "h2");
  };
  const tls = presented === null ? null : tlsServer(presented, begin, options.ticketKeys);
  const sweep = setInterval(() => {
    reads.sweep();
    unsent.sweep();
    http2.sweep();
  }, CHECK_INTERVAL_MS).unref();
  const front = (server: NetServer) =>
    proxies === null || clients === null ? server : createFront(server, proxies, clients);
  const [plain, secure] = [front(http1), tls === null ? null : front(tls)];
  for (const server of [plain, secure]) if (server !== null) budget.limit(server);
  const servers = [plain, peers.server, ...(secure === null ? [] : [secure])];
  const retire = async () => {
    state.closing = true;
    const closed = servers.map(closeServer);
    http2.close();
    await Promise.all(closed);
  };
  const closeIdle = () => {
    http1.close();
  };
  const destroy = () => {
    void retire();
    closeIdle();
    clearInterval(sweep);
    http1.closeAllConnections();
    peers.destroy();
    http2.destroy();
  };
  try {
    if (peerSocket !== null) await listenUnix(peers.server, peerSocket);
    const { listen, listenTls } = config;
    const sockets = await options.sockets?.();
    const httpPort = sockets === undefined ? listen.port : await listenTcp(plain, listen, sockets.http);
    const portOfTls = async (server: NetServer, address: ListenAddress) =>
      sockets === undefined ? address.port : listenTcp(server, address, sockets.https);
    const httpsPort = secure === null || listenTls === null ? null : await portOfTls(secure, listenTls);
    const changeTicketKeys = (keys: Buffer) => tls?.setTicketKeys(keys);
    const unsentBytes = () => unsent.bytes;
    const http2Sessions = http2.size;
    return {
      httpPort,
      httpsPort,
      http2Sessions,
      unsentBytes,
      changeTicketKeys,
      retire,
      closeIdle,
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

/**
 * Stops accepting. `http.Server.close` would also end idle connections, perhaps with a request already in
 * flight.
 */
function closeServer(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
}

function tlsServer(
  presented: Presented,
  begin: (socket: TLSSocket) => void,
  ticketKeys: Buffer | undefined,
): TlsServer {
  const server = createTlsServer({
    ALPNProtocols: ["h2", "http/1.1"],
    ...presented,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    minVersion: "TLSv1.2",
    allowHalfOpen: true,
    ...(ticketKeys === undefined ? {} : { ticketKeys }),
  });
  server.on("secureConnection", begin);
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}
