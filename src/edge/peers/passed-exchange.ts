// An exchange that another edge received from its client and forwarded.
import type { Readable, Writable } from "node:stream";
import { TerrariumError } from "../../errors/index.ts";
import type { Awaitable } from "../../store/types.ts";
import type { BodyReads, BodyRoom } from "../request/body.ts";
import type { CallBudget } from "../../hostcalls/index.ts";
import type { PassedClient } from "../transport/heads.ts";
import type { ClientConnection, Exchange, FlatHeaders, Handler } from "../request/exchange.ts";
import { headerValue } from "../request/header-value.ts";
import { hasBody, saysLength } from "../response/headers.ts";
import { createMessageServer, type MessageServer, type ReceivedRequest } from "../transport/server.ts";

const EMPTY = new Uint8Array(0);

/**
 * A server for what peers forward; it is not listening yet. A request without its client's identity gets no
 * response.
 */
export function createPeerServer(handler: Handler, reads: BodyReads): MessageServer {
  return createMessageServer((request) => {
    const { client } = request.head;
    if (client === null) request.destroy();
    else handler(new PassedExchange(request, client, reads));
  });
}

class PassedExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly clientAddress: string;
  readonly isLocal: boolean;
  readonly depth: number;
  readonly rawHeaders: FlatHeaders;
  readonly bodyBytes: number | null;
  readonly connection: ClientConnection = { inFlight: 0 };
  calls: CallBudget | null;
  status = 0;
  readonly #request: ReceivedRequest;
  readonly #reads: BodyReads;

  constructor(request: ReceivedRequest, client: PassedClient, reads: BodyReads) {
    const { method, target, authority, headers, bodyBytes } = request.head;
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.rawHeaders = headers;
    this.bodyBytes = bodyBytes;
    this.scheme = client.scheme;
    this.clientAddress = client.clientAddress;
    this.isLocal = client.isLocal;
    this.depth = client.depth;
    this.calls = client.callsLeft === null ? null : { left: client.callsLeft };
    this.#request = request;
    this.#reads = reads;
  }

  header(name: string): string | undefined {
    return headerValue(this.rawHeaders, name);
  }

  readBody(room: BodyRoom): Awaitable<Uint8Array> {
    if (this.bodyBytes === 0) return EMPTY;
    if (this.bodyBytes !== null && this.bodyBytes > room.maxBytes)
      return Promise.reject(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: room.maxBytes }));
    return this.#reads.read(this.#request.body, room, this.bodyBytes);
  }

  bodyStream(): Readable {
    return this.#request.body;
  }

  send(status: number, headers: string[], body: Uint8Array | string): void {
    if (this.status !== 0) return;
    this.status = status;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const sent = this.method === "HEAD" || !hasBody(status) ? EMPTY : bytes;
    const length = bytes.byteLength;
    const contentLength = saysLength(this.method, status, length) ? length : status === 205 ? 0 : null;
    this.#request.send({ status, headers, bodyBytes: sent.byteLength, contentLength }, sent);
  }

  open(status: number, headers: string[], contentLength: number | null): Writable | undefined {
    if (this.status !== 0) return undefined;
    this.status = status;
    const writable = this.#request.open({ status, headers, bodyBytes: null, contentLength });
    writable.on("error", () => undefined);
    return writable;
  }

  onGone(listener: () => void): void {
    this.#request.onGone(listener);
  }

  destroy(): void {
    this.#request.destroy();
  }
}
