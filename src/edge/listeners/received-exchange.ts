// What every exchange knows from the head of its request and from the connection that brought it.
import type { Connection } from "../exchange.ts";

/** Who sent the request, as the listener knows it. */
export interface Origin {
  readonly scheme: "http" | "https";
  readonly clientAddress: string;
  readonly depth: number;
}

/** The request as its head names it. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
}

/** The part of an exchange that no version of HTTP changes; `status` is set by whoever sends. */
export abstract class ReceivedExchange {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly clientAddress: string;
  readonly depth: number;
  readonly connection: Connection;
  status = 0;

  constructor(
    { method, target, authority }: RequestLine,
    { scheme, clientAddress, depth }: Origin,
    connection: Connection,
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
