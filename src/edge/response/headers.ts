// The headers of a response: what a guest may set, what may be passed on from an upstream, and how long a run
// took. Headers that only the platform sets are dropped; statuses and values are checked.
import { TerrariumError } from "../../errors/index.ts";
import type { HeaderList } from "../../hostcalls/types.ts";
import type { RunCost } from "../accounts/run-accounts.ts";
import { hostOf } from "../request/authority.ts";
import type { Exchange } from "../request/exchange.ts";

/** Framing and hop-by-hop headers: the platform sets them, or HTTP/2 forbids them. */
const PLATFORM_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** A request from this machine with this header learns how long its run took. */
const TIMING_HEADER = "x-terrarium-timing";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible characters, blanks and obs-text; no other controls. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A response carries a body unless its status forbids one. */
export function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

/**
 * Whether `content-length` tells the length of a body. Not for HEAD without one: a program that asks an
 * upstream by HEAD does not know what GET would give, and 0 would be wrong (RFC 9110 section 8.6).
 */
export function saysLength(method: string, status: number, bytes: number): boolean {
  return hasBody(status) && !(method === "HEAD" && bytes === 0);
}

/**
 * The guest's headers, flat and without those of the platform; cookies confined to `authority`.
 * Throws TER_EDGE_BAD_RESPONSE for what no protocol can carry.
 */
export function flatHeaders(
  status: number,
  headers: HeaderList,
  maxBytes: number,
  authority: string,
): string[] {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw unsendable(`its status is ${status}`);
  const flat: string[] = [];
  const named = connectionNamed(headers);
  let bytes = 0;
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) throw unsendable("a header name is malformed");
    const lower = name.toLowerCase();
    if (PLATFORM_HEADERS.has(lower) || named.has(lower)) continue;
    if (!FIELD_VALUE.test(value)) throw unsendable(`the value of ${name} holds control characters`);
    bytes += name.length + value.length;
    flat.push(name, lower === "set-cookie" ? confineCookie(value, hostOf(authority) ?? "") : value);
  }
  if (bytes > maxBytes) throw unsendable(`its headers are ${bytes} bytes; the limit is ${maxBytes}`);
  return flat;
}

/**
 * Headers of an upstream that may be passed on, flat: everything except hop-by-hop headers and those that
 * they name.
 */
export function passableHeaders(raw: readonly string[], keep: (lowerName: string) => boolean): string[] {
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as const] : []));
  const named = connectionNamed(pairs);
  const flat: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    const lower = name.toLowerCase();
    if (PLATFORM_HEADERS.has(lower) || named.has(lower) || !keep(lower)) continue;
    flat.push(name, raw[index + 1] as string);
  }
  return flat;
}

/** What `connection` names is for the next hop only (RFC 9110 section 7.6.1), `host` excepted. */
function connectionNamed(headers: HeaderList): ReadonlySet<string> {
  const named = new Set<string>();
  for (const [name, value] of headers) {
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    for (const part of value.split(",")) named.add(part.trim().toLowerCase());
  }
  named.delete("host");
  return named;
}

/**
 * A deployment may set cookies for itself but not for its siblings: removes a Domain attribute that reaches
 * beyond `ownHost` (lower case, no port).
 */
function confineCookie(cookie: string, ownHost: string): string {
  if (!/;\s*domain/i.test(cookie)) return cookie;
  return cookie
    .split(";")
    .filter((part, index) => index === 0 || !isForeignDomain(part, ownHost))
    .join(";");
}

function isForeignDomain(attribute: string, ownHost: string): boolean {
  const [name = "", value = ""] = attribute.split("=", 2);
  if (name.trim().toLowerCase() !== "domain") return false;
  const domain = value.trim().toLowerCase().replace(/^\./, "");
  return domain !== ownHost && !domain.endsWith(`.${ownHost}`);
}

/**
 * Only for clients on this machine: elsewhere the figures would tell tenants about each other. Programs do
 * not count as clients on this machine.
 */
function wantsTiming(exchange: Exchange): boolean {
  if (!exchange.isLocal || exchange.depth > 0) return false;
  return exchange.header(TIMING_HEADER) !== undefined;
}

/** Name and value of the header; empty without a request for it, and for programs outside the engine. */
export function timingHeaders(exchange: Exchange, cost: RunCost | undefined): readonly string[] {
  if (cost === undefined || !wantsTiming(exchange)) return [];
  return ["server-timing", `run;dur=${cost.wallMs.toFixed(3)}, cpu;dur=${cost.cpuMs.toFixed(3)}`];
}

function unsendable(reason: string): TerrariumError {
  return new TerrariumError("TER_EDGE_BAD_RESPONSE", { reason });
}
