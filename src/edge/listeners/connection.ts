// What the edge keeps per client connection: where it comes from and how many of its requests are under way.
import type { Socket } from "node:net";
import type { Connection } from "../exchange.ts";
import { bareAddress } from "../request/client-address.ts";
import type { Origin } from "./received-exchange.ts";

const facts: unique symbol = Symbol("terrarium connection");

/** Read once per connection: `remoteAddress` is gone when the socket closes. */
export interface ConnectionFacts extends Origin, Connection {
  /** A message on it could be read in two ways: whatever else it brings is not a request. */
  broken: boolean;
  /** The last one that was found well formed: most connections ask for one only. Null at first, since a client may send an empty one. */
  authority: string | null;
}

interface KnownSocket extends Socket {
  [facts]?: ConnectionFacts;
  encrypted?: boolean;
}

/** The facts of a socket, made on the first request. */
export function connectionFacts(socket: Socket): ConnectionFacts {
  const known = socket as KnownSocket;
  known[facts] ??= {
    scheme: known.encrypted === true ? "https" : "http",
    clientAddress: bareAddress(socket.remoteAddress),
    depth: 0,
    inFlight: 0,
    broken: false,
    authority: null,
  };
  return known[facts];
}
