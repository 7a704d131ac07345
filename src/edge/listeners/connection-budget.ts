// How many client connections an edge keeps: each takes a file descriptor, of which stores, upstreams and new
// connections need some as well. Idle ones are closed first; then new ones are refused, and told so.
import { readFileSync } from "node:fs";
import type { Server, Socket } from "node:net";
import { sourceOf } from "../../config/client-source.ts";
import { bareAddress } from "../request/client-address.ts";
import type { TrustedProxies } from "../request/trusted-proxies.ts";

/** File descriptors that an edge needs beside those of its clients: libraries, records, open stores, pipes, sockets of peers. */
const OTHER_DESCRIPTORS = 400;
/** Of the rest, the share of clients; upstreams have theirs. */
const SHARE_OF_CLIENTS = 0.6;
const LEAST_CONNECTIONS = 64;
/** Of all connections, one source's, where strangers are clients. */
const SHARE_OF_A_SOURCE = 1 / 8;
const LEAST_OF_A_SOURCE = 32;
/** A refused client has this long to read why. */
const REFUSED_FOR_MS = 1000;
/** Until idle connections have closed. */
const OVERSHOOT = 1.05;
/** Node's own default, where the system does not tell. */
const USUAL_DESCRIPTORS = 1024;

const REFUSAL =
  "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 1\r\n" +
  "x-terrarium-error: TER_EDGE_BUSY\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
/** SETTINGS without any, and GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 sections 6.5 and 6.8). */
const REFUSAL_OF_HTTP2 = Buffer.from([
  0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11,
]);

export interface ConnectionBudgetOptions {
  /** Strangers are clients: sources have shares. */
  readonly isShared: boolean;
  readonly proxies: TrustedProxies | null;
  /** Closes connections without a request under way. */
  readonly closeIdle: () => void;
  readonly descriptors?: number;
}

/** Of one edge. */
export class ConnectionBudget {
  readonly #options: ConnectionBudgetOptions;
  readonly #most: number;
  readonly #mostOfSource: number;
  readonly #bySource = new Map<string, number>();
  #count = 0;

  constructor(options: ConnectionBudgetOptions) {
    this.#options = options;
    const descriptors = options.descriptors ?? allowedDescriptors();
    this.#most = Math.max(
      LEAST_CONNECTIONS,
      Math.floor((descriptors - OTHER_DESCRIPTORS) * SHARE_OF_CLIENTS),
    );
    this.#mostOfSource = Math.max(LEAST_OF_A_SOURCE, Math.floor(this.#most * SHARE_OF_A_SOURCE));
  }

  /** Beyond the budget by a tenth, connections are not even accepted. */
  limit(server: Server): void {
    server.maxConnections = Math.ceil(this.#most * 1.1);
  }

  /** Counts a connection until it closes. False: it is to be refused. */
  admit(socket: Socket): boolean {
    const source = this.#sourceOf(socket);
    const held = source === null ? 0 : (this.#bySource.get(source) ?? 0);
    if (held >= this.#mostOfSource) return false;
    if (this.#count >= this.#most) {
      this.#options.closeIdle();
      // Those are gone in a moment.
      if (this.#count >= this.#most * OVERSHOOT) return false;
    }
    this.#count++;
    if (source !== null) this.#bySource.set(source, held + 1);
    socket.once("close", () => this.#release(source));
    return true;
  }

  #release(source: string | null): void {
    this.#count--;
    if (source === null) return;
    const held = (this.#bySource.get(source) ?? 1) - 1;
    if (held === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, held);
  }

  /** Null where it does not matter: a proxy's connections are its clients'. */
  #sourceOf({ remoteAddress }: Socket): string | null {
    if (!this.#options.isShared || remoteAddress === undefined) return null;
    const address = bareAddress(remoteAddress);
    return this.#options.proxies?.has(address) === true ? null : sourceOf(address);
  }
}

/** Tells a client of a connection that is not admitted, and closes it. */
export function refuseConnection(socket: Socket, protocol: "http/1.1" | "h2"): void {
  socket.on("error", () => undefined);
  socket.end(protocol === "h2" ? REFUSAL_OF_HTTP2 : REFUSAL);
  socket.resume();
  setTimeout(() => socket.destroy(), REFUSED_FOR_MS).unref();
}

/** The limit in force for this process. */
function allowedDescriptors(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    return Number(line?.[1] ?? USUAL_DESCRIPTORS);
  } catch {
    return USUAL_DESCRIPTORS;
  }
}
