// An exchange over one HTTP/2 stream.
import { constants, type ServerHttp2Stream } from "node:http2";
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

/** The head of a stream, read once. */
export interface Http2Head extends RequestLine {
  /** Without pseudo-headers. */
  readonly headers: FlatHeaders;
  readonly contentLength: number | undefined;
  /** The head was all. */
  readonly ended: boolean;
  readonly expectsContinue: boolean;
}

/** What all exchanges of an edge share. */
export interface Http2Shared {
  readonly reads: BodyReads;
  readonly unsent: UnsentResponses;
}

export class Http2Exchange extends ReceivedExchange implements Exchange {
  readonly rawHeaders: FlatHeaders;
  readonly #stream: ServerHttp2Stream;
  readonly #head: Http2Head;
  readonly #shared: Http2Shared;

  constructor(
    stream: ServerHttp2Stream,
    origin: Origin,
    head: Http2Head,
    connection: ClientConnection,
    shared: Http2Shared,
  ) {
    super(head, origin, connection);
    this.rawHeaders = head.headers;
    this.#stream = stream;
    this.#head = head;
    this.#shared = shared;
  }

  get bodyBytes(): number | null {
    return this.#head.ended ? 0 : (this.#head.contentLength ?? null);
  }

  header(name: string): string | undefined {
    return headerValue(this.rawHeaders, name);
  }

  readBody(room: BodyRoom): Awaitable<Uint8Array> {
    if (this.#head.ended) return EMPTY;
    if (this.#head.contentLength !== undefined && this.#head.contentLength > room.maxBytes) {
      this.#shared.reads.refuse(this.#stream);
      return Promise.reject(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: room.maxBytes }));
    }
    return this.#shared.reads.read(this.bodyStream(), room, this.bodyBytes);
  }

  bodyStream(): Readable {
    if (this.#head.expectsContinue && !this.#stream.headersSent)
      this.#stream.additionalHeaders({ ":status": 100 });
    return this.#stream;
  }

  send(status: number, headers: string[], body: Uint8Array | string): void {
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    if (saysLength(this.method, status, length)) headers.push("content-length", String(length));
    const empty = length === 0 || this.method === "HEAD" || !hasBody(status);
    if (!this.#respond(status, headers, empty)) return;
    if (empty) return;
    this.#stream.end(body);
    // The client's window decides what is sent, and may be empty from the start.
    this.#shared.unsent.addUntilClosed(this, length, this.#stream);
  }

  open(status: number, headers: string[], contentLength: number | null): Writable | undefined {
    if (contentLength !== null) headers.push("content-length", String(contentLength));
    return this.#respond(status, headers, false) ? this.#stream : undefined;
  }

  onGone(listener: () => void): void {
    // A reset also finishes the writable side, so only its code distinguishes the two.
    this.#stream.on("close", () => {
      if (!this.#stream.headersSent || this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR) listener();
    });
  }

  destroy(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #respond(status: number, headers: string[], endStream: boolean): boolean {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed || stream.headersSent) return false;
    this.status = status;
    stream.respond([":status", String(status), ...headers], { endStream });
    return true;
  }
}
