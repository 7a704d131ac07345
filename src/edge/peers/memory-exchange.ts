// An exchange in memory: a guest's request to a deployment of its own platform.
import { Readable, Writable } from "node:stream";
import { Reason, TerrariumError } from "../../errors/index.ts";
import { type CallBudget, type CallTree, headerPairs } from "../../hostcalls/index.ts";
import type { OutboundRequest, OutboundResponse } from "../../hostcalls/types.ts";
import type { Awaitable } from "../../store/types.ts";
import type { BodyRoom } from "../request/body.ts";
import type { ClientConnection, Exchange, FlatHeaders } from "../request/exchange.ts";
import { headerValue } from "../request/header-value.ts";

/** What a program sees as the address of another program's request. */
const PLATFORM_ADDRESS = "127.0.0.1";

export class MemoryExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly clientAddress = PLATFORM_ADDRESS;
  readonly isLocal = false;
  readonly depth: number;
  readonly calls: CallBudget;
  readonly rawHeaders: FlatHeaders;
  readonly connection: ClientConnection = { inFlight: 0 };
  readonly bodyBytes: number;
  status = 0;
  /** Settles with the response, or rejects if the exchange was destroyed. */
  readonly response: Promise<OutboundResponse>;
  readonly #body: Uint8Array;
  readonly #signal: AbortSignal;
  readonly #settled = Promise.withResolvers<OutboundResponse>();

  constructor(request: OutboundRequest, authority: string, tree: CallTree, signal: AbortSignal) {
    this.method = request.method;
    this.target = `${request.url.pathname}${request.url.search}`;
    this.authority = authority;
    this.scheme = request.url.protocol === "https:" ? "https" : "http";
    this.depth = tree.depth + 1;
    this.calls = tree.budget;
    this.rawHeaders = request.headers.flat();
    this.bodyBytes = request.body.byteLength;
    this.#body = request.body;
    this.#signal = signal;
    this.response = this.#settled.promise;
  }

  header(name: string): string | undefined {
    return headerValue(this.rawHeaders, name);
  }

  readBody(room: BodyRoom): Awaitable<Uint8Array> {
    if (this.#body.byteLength <= room.maxBytes) return this.#body;
    return Promise.reject(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: room.maxBytes }));
  }

  bodyStream(): Readable {
    return Readable.from([this.#body]);
  }

  send(status: number, headers: string[], body: Uint8Array | string): void {
    this.status = status;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    this.#settled.resolve({
      status,
      headers: headerPairs(headers),
      body: this.method === "HEAD" ? new Uint8Array(0) : bytes,
    });
  }

  open(status: number, headers: string[]): Writable {
    const chunks: Buffer[] = [];
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
      final: (done) => {
        this.send(status, headers, Buffer.concat(chunks));
        done();
      },
    });
  }

  onGone(listener: () => void): void {
    if (this.#signal.aborted) listener();
    else this.#signal.addEventListener("abort", listener, { once: true });
  }

  destroy(): void {
    this.#settled.reject(new Reason("the deployment's answer was cut off"));
  }
}
