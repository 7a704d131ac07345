// The incoming request as programs see it. Headers and id are created only on demand: most programs do not
// need them.
import { randomBytes } from "node:crypto";
import type { HeaderList, IncomingRequest } from "../../hostcalls/types.ts";
import type { Exchange } from "./exchange.ts";

/** Headers with this prefix are the platform's own; clients and guests can neither send nor see them. */
export const INTERNAL_PREFIX = "x-terrarium-";

const PROCESS_ID = randomBytes(4).toString("hex");
let counter = 0;

/** An exchange whose body has arrived, in the form that hostcalls need. */
export class BufferedRequest implements IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  readonly #exchange: Exchange;
  #headers: HeaderList | undefined;
  #id: string | undefined;

  constructor(exchange: Exchange, body: Uint8Array) {
    this.#exchange = exchange;
    this.method = exchange.method;
    this.path = exchange.target;
    this.body = body;
  }

  /** Unique on this machine; only identifies the request in logs. */
  get id(): string {
    this.#id ??= `${PROCESS_ID}-${(counter++).toString(36)}`;
    return this.#id;
  }

  get headers(): HeaderList {
    this.#headers ??= guestHeaders(this.#exchange);
    return this.#headers;
  }
}

/** Names that servers behind a program may read with blanks, underscores and hyphens alike (CGI). */
const IMITATED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "fastly-client-ip",
  "host",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "x-fastly-client-ip",
]);

/** Raw order kept; exactly one host; the client's address under both names; none of the platform's own headers. */
function guestHeaders(exchange: Exchange): HeaderList {
  const raw = exchange.rawHeaders;
  const headers: [string, string][] = [];
  const cookies: string[] = [];
  let hostSeen = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    const value = raw[index + 1] as string;
    const kind = classify(name);
    if (kind === "plain") headers.push([name, value]);
    else if (kind === "cookie") {
      if (cookies.push(value) === 1) headers.push([name, value]);
    } else if (kind === "host" && !hostSeen) {
      hostSeen = true;
      headers.push([name, exchange.authority]);
    }
  }
  if (!hostSeen) headers.unshift(["host", exchange.authority]);
  if (cookies.length > 1) joinCookies(headers, cookies);
  headers.push(["fastly-client-ip", exchange.clientAddress], ["x-fastly-client-ip", exchange.clientAddress]);
  return headers;
}

function classify(name: string): "plain" | "host" | "cookie" | "dropped" {
  const lower = name.toLowerCase();
  if (lower === "host") return "host";
  if (lower === "cookie") return "cookie";
  if (lower.includes("_") && IMITATED.has(lower.replaceAll("_", "-"))) return "dropped";
  if (lower === "fastly-client-ip" || lower === "x-fastly-client-ip" || lower.startsWith(INTERNAL_PREFIX))
    return "dropped";
  return "plain";
}

/** HTTP/2 may split the cookie header; programs expect a single one (RFC 9113 section 8.2.3). */
function joinCookies(headers: [string, string][], cookies: readonly string[]): void {
  const index = headers.findIndex(([name]) => name.toLowerCase() === "cookie");
  headers[index] = ["cookie", cookies.join("; ")];
}
