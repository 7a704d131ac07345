// One request and the means to answer it. The pipeline sees nothing else, so HTTP/1.1, HTTP/2, forwarded
// requests and guests' requests to their own platform all take the same path.
import type { Readable, Writable } from "node:stream";
import type { CallBudget } from "../../hostcalls/index.ts";
import type { Awaitable } from "../../store/types.ts";
import type { BodyRoom } from "./body.ts";

/** Header names and values alternating, in the order of the wire. */
export type FlatHeaders = readonly string[];

/** Requests in flight per connection: HTTP/2 streams, or pipelined HTTP/1.1 requests. */
export const MAX_IN_FLIGHT_PER_CONNECTION = 128;

/** What is counted per client connection, so that one client cannot take the whole edge. */
export interface ClientConnection {
  inFlight: number;
}

/** Who sent a request, as the listener knows it. */
export interface Origin {
  readonly scheme: "http" | "https";
  /** Bare address of the client: no port, brackets or zone. */
  readonly clientAddress: string;
  /** The client is on this machine, and not one of its proxies: it is the operator, or somebody he lets in. */
  readonly isLocal: boolean;
  /** How many deployments are between the client and this request. */
  readonly depth: number;
}

/** One request being answered. */
export interface Exchange extends Origin {
  readonly method: string;
  /** Path and query, raw as sent. */
  readonly target: string;
  /** `host` or `:authority`, raw as sent, port included. */
  readonly authority: string;
  /** Without pseudo-headers; otherwise as the client sent them. */
  readonly rawHeaders: FlatHeaders;
  readonly connection: ClientConnection;
  /** Announced length of the body: 0 if there is none, null if it is not known in advance. */
  readonly bodyBytes: number | null;
  /** What runs below this request may still send to deployments; null: nothing below it has sent any. */
  calls: CallBudget | null;
  /** Of the response; 0 until there is one. */
  readonly status: number;

  /** A header by its lower-case name; several lines of it are one list. */
  header(name: string): string | undefined;
  /**
   * The whole body. Rejects with TerrariumError if there is no room for it, or if it is too slow or cut off.
   */
  readBody(room: BodyRoom): Awaitable<Uint8Array>;
  /** The body as it arrives, for proxies. */
  bodyStream(): Readable;
  /** Sends a complete response. Headers must not include framing. Does nothing once the client is gone. */
  send(status: number, headers: string[], body: Uint8Array | string): void;
  /**
   * Starts a response whose body follows piece by piece; `contentLength`: null if it is not known. Undefined
   * once the client is gone.
   */
  open(status: number, headers: string[], contentLength: number | null): Writable | undefined;
  /** Calls the listener if the client disconnects before the response is complete. */
  onGone(listener: () => void): void;
  /** Aborts the exchange without a response, or in the middle of one. */
  destroy(): void;
}

/** Answers an exchange; never throws, never rejects. */
export type Handler = (exchange: Exchange) => void;
