// An exchange over HTTP/1.1, cleartext or TLS.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import { TerrariumError } from "../../errors/index.ts";
import type { Awaitable } from "../../store/types.ts";
import type { ClientConnection, Exchange, FlatHeaders, Origin } from "../request/exchange.ts";
import { headerValue } from "../request/header-value.ts";
import type { BodyReads, BodyRoom } from "../request/body.ts";
import { hasBody, saysLength } from "../response/headers.ts";
import type { UnsentResponses } from "../response/unsent.ts";
import { ReceivedExchange, type RequestLine } from "./client-connection.ts";

const EMPTY = new Uint8Array(0);
/** Bodies below this follow their head as a string. */
const ONE_WRITE_BYTES = 16 * 1024;

/** What the head says about target, body and framing. */
export interface Http1Framing extends Omit<RequestLine, "method"> {
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
  /** The client waits for 100 Continue before it sends the body. */
  readonly expectsContinue: boolean;
}

/** Of all listeners of an edge. */
export interface ListenerState {
  /** No further request may follow on a connection. */
  closing: boolean;
}

/** What all exchanges of a server share. */
export interface Http1Shared {
  readonly reads: BodyReads;
  readonly unsent: UnsentResponses;
  readonly state: ListenerState;
}

export class Http1Exchange extends ReceivedExchange implements Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #shared: Http1Shared;
  readonly #framing: Http1Framing;
  #awaitsContinue: boolean;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    origin: Origin,
    framing: Http1Framing,
    connection: ClientConnection,
    shared: Http1Shared,
  ) {
    super(
      { method: request.method ?? "GET", target: framing.target, authority: framing.authority },
      origin,
      connection,
    );
    this.#request = request;
    this.#response = response;
    this.#shared = shared;
    this.#framing = framing;
    this.#awaitsContinue = framing.expectsContinue;
  }

  get rawHeaders(): FlatHeaders {
    return this.#request.rawHeaders;
  }

  get bodyBytes(): number | null {
    return this.#framing.chunked ? null : (this.#framing.contentLength ?? 0);
  }

  header(name: string): string | undefined {
    return headerValue(this.rawHeaders, name);
  }

  readBody(room: BodyRoom): Awaitable<Uint8Array> {
    const { contentLength } = this.#framing;
    if (this.bodyBytes === 0) return EMPTY;
    if (contentLength !== undefined && contentLength > room.maxBytes) {
      if (!this.#awaitsContinue) this.#shared.reads.refuse(this.#request);
      return Promise.reject(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: room.maxBytes }));
    }
    return this.#shared.reads.read(this.bodyStream(), room, this.bodyBytes);
  }

  bodyStream(): Readable {
    if (this.#awaitsContinue) {
      this.#awaitsContinue = false;
      this.#response.writeContinue();
    }
    return this.#request;
  }

  send(status: number, headers: string[], body: Uint8Array | string): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    this.status = status;
    // A client that got no 100 may or may not send its body now: only a new connection is unambiguous.
    if (this.#awaitsContinue || this.#shared.state.closing) response.shouldKeepAlive = false;
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    if (saysLength(this.method, status, length)) headers.push("content-length", String(length));
    else if (status === 205) headers.push("content-length", "0");
    response.writeHead(status, headers);
    if (length === 0 || this.method === "HEAD" || !hasBody(status)) response.end();
    else if (typeof body === "string") response.end(body);
    else if (length < ONE_WRITE_BYTES) response.end(latin1(body), "latin1");
    else response.end(body);
    // Bytes that the kernel has taken are not held here.
    if (response.writableLength > 0) this.#shared.unsent.addUntilClosed(this, length, response);
  }

  open(status: number, headers: string[], contentLength: number | null): Writable | undefined {
    if (this.#response.headersSent || this.#response.destroyed) return undefined;
    this.status = status;
    if (contentLength !== null) headers.push("content-length", String(contentLength));
    if (this.#shared.state.closing) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
    if (contentLength === null) this.#endWithClient();
    return this.#response;
  }

  /**
   * A stream of events may be silent for hours, and then a client that only shut its sending side looks like
   * one that is gone. It counts as gone. A client that waits for a complete response gets it.
   */
  #endWithClient(): void {
    const { socket } = this.#request;
    const end = () => this.destroy();
    if (socket.readableEnded) end();
    socket.once("end", end);
    this.#response.once("close", () => socket.off("end", end));
  }

  onGone(listener: () => void): void {
    const response = this.#response;
    response.on("close", () => {
      if (!response.writableFinished) listener();
    });
  }

  destroy(): void {
    this.#request.socket.destroy();
  }
}

/** A small body follows the head as a string, so that both are sent in one write. */
function latin1(bytes: Uint8Array): string {
  return (
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  ).toString("latin1");
}
