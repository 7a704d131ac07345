// What the edge keeps for a client connection: its origin, its number of requests in flight, and the part of
// an exchange that derives from them.
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CallBudget } from "../../hostcalls/index.ts";
import { isLoopback } from "../../config/address.ts";
import type { ProxiedClients } from "./proxied-sockets.ts";
import { bareAddress } from "../request/client-address.ts";
import type { ClientConnection, FlatHeaders, Origin } from "../request/exchange.ts";
import { headerValue } from "../request/header-value.ts";
import type { ForwardedRequest, TrustedProxies } from "../request/trusted-proxies.ts";

const received: unique symbol = Symbol("terrarium connection");

/** Read once per connection: `remoteAddress` is gone when the socket closes. */
export interface ReceivedConnection extends Origin, ClientConnection {
  /** A message on it was ambiguous: nothing that follows counts as a request. */
  broken: boolean;
  /**
   * The last authority that was checked: most connections use only one. Null at first, since a client may
   * send an empty one.
   */
  authority: string | null;
  /** Of its last HTTP/1 request. */
  response: ServerResponse | null;
  /** Whether it is from one of the operator's proxies; undefined until somebody asks. */
  isProxy?: boolean;
}

interface KnownSocket extends Socket {
  [received]?: ReceivedConnection;
  encrypted?: boolean;
}

/** The connection of a socket, created by its first request. */
export function connectionOf(socket: Socket, clients: ProxiedClients | null): ReceivedConnection {
  const known = socket as KnownSocket;
  if (known[received] !== undefined) return known[received];
  const told = clients?.of(socket) ?? null;
  const clientAddress = told ?? bareAddress(socket.remoteAddress);
  known[received] = {
    scheme: known.encrypted === true ? "https" : "http",
    clientAddress,
    isLocal: clients === null && isLoopback(clientAddress),
    depth: 0,
    inFlight: 0,
    broken: false,
    authority: null,
    response: null,
  };
  return known[received];
}

/**
 * Who sent a request and for which name, if it came through one of the operator's proxies; null if it did
 * not. Throws TER_EDGE_BAD_REQUEST.
 */
export function forwardedBy(
  connection: ReceivedConnection,
  proxies: TrustedProxies | null,
  rawHeaders: FlatHeaders,
): ForwardedRequest | null {
  if (proxies === null) return null;
  connection.isProxy ??= proxies.has(connection.clientAddress);
  return connection.isProxy ? proxies.read(connection, (name) => headerValue(rawHeaders, name)) : null;
}

/** The request, from its head. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
}

/** The part of an exchange that is the same in every HTTP version; the sender sets `status`. */
export abstract class ReceivedExchange {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly clientAddress: string;
  readonly isLocal: boolean;
  readonly depth: number;
  readonly connection: ClientConnection;
  calls: CallBudget | null = null;
  status = 0;

  constructor(
    { method, target, authority }: RequestLine,
    { scheme, clientAddress, isLocal, depth }: Origin,
    connection: ClientConnection,
  ) {
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.scheme = scheme;
    this.clientAddress = clientAddress;
    this.isLocal = isLocal;
    this.depth = depth;
    this.connection = connection;
  }
}
