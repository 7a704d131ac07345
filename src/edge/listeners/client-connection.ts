// What the edge keeps for a client connection: its origin, its number of requests in flight, and the part of
// an exchange that derives from them.
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CallBudget } from "../../hostcalls/index.ts";
import type { ClientConnection, Origin } from "../request/exchange.ts";

const received: unique symbol = Symbol("terrarium connection");
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

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
}

interface KnownSocket extends Socket {
  [received]?: ReceivedConnection;
  encrypted?: boolean;
}

/** The connection of a socket, created by its first request. */
export function connectionOf(socket: Socket): ReceivedConnection {
  const known = socket as KnownSocket;
  known[received] ??= {
    scheme: known.encrypted === true ? "https" : "http",
    clientAddress: bareAddress(socket.remoteAddress),
    depth: 0,
    inFlight: 0,
    broken: false,
    authority: null,
    response: null,
  };
  return known[received];
}

/**
 * The address as programs see it: `::ffff:192.0.2.1` becomes `192.0.2.1`, `fe80::1%eth0` becomes `fe80::1`;
 * undefined (a closed socket) becomes `0.0.0.0`.
 */
export function bareAddress(address: string | undefined): string {
  if (address === undefined) return "0.0.0.0";
  if (!address.includes(":")) return address;
  const zone = address.indexOf("%");
  const bare = zone === -1 ? address : address.slice(0, zone);
  return MAPPED_IPV4.exec(bare)?.[1] ?? bare;
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
  readonly depth: number;
  readonly connection: ClientConnection;
  calls: CallBudget | null = null;
  status = 0;

  constructor(
    { method, target, authority }: RequestLine,
    { scheme, clientAddress, depth }: Origin,
    connection: ClientConnection,
  ) {
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.scheme = scheme;
    this.clientAddress = clientAddress;
    this.depth = depth;
    this.connection = connection;
  }
}
