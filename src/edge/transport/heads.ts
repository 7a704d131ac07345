// The heads of messages between processes, and the checks that both ends apply to what they receive.
// Everything a client wrote is data in here: its headers decide neither framing nor identity.
import { isIP } from "node:net";
import { Reason } from "../../errors/index.ts";
import type { FlatHeaders, Origin } from "../request/exchange.ts";
import { isAuthority } from "../request/authority.ts";
import type { AnyHead } from "./message-socket.ts";

/** The client as another process of the platform knows it. */
export interface PassedClient extends Origin {
  /** What runs below the request may still send to deployments; null: as many as the limit says. */
  readonly callsLeft: number | null;
}

/** A request as the sender understood it. */
export interface RequestHead extends AnyHead {
  readonly method: string;
  /** Path and query, or `*`. */
  readonly target: string;
  readonly authority: string;
  /** Everything the client sent, including framing headers, which nothing here interprets. */
  readonly headers: FlatHeaders;
  /** Null: a process of the platform sends this on its own behalf. */
  readonly client: PassedClient | null;
}

export interface ResponseHead extends AnyHead {
  readonly status: number;
  /** Without framing. */
  readonly headers: FlatHeaders;
  /** The value of `content-length`; for HEAD, more than `bodyBytes`. Null: there is none. */
  readonly contentLength: number | null;
}

/** Requests through more deployments than this are refused long before. */
const MAX_DEPTH = 64;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,65536}$/;
const TARGET = /^(?:\/[\x21-\x7e]*|\*)$/;
/** Visible characters, blanks and obs-text; no other controls. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws for anything that `forward` and `ask` do not write. */
export function readRequestHead(json: unknown): RequestHead {
  const head = recordOf(json);
  const { method, target, authority, bodyBytes, headers, client } = head;
  if (typeof method !== "string" || !TOKEN.test(method)) throw malformed("method");
  if (typeof target !== "string" || !TARGET.test(target)) throw malformed("target");
  if (typeof authority !== "string" || !isAuthority(authority)) throw malformed("authority");
  return {
    method,
    target,
    authority,
    bodyBytes: lengthOf(bodyBytes),
    headers: headersOf(headers),
    client: client === null ? null : clientOf(client),
  };
}

/** Throws for anything that no server of the platform writes. */
export function readResponseHead(json: unknown): ResponseHead {
  const { status, headers, bodyBytes, contentLength } = recordOf(json);
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599)
    throw malformed("status");
  return {
    status,
    headers: headersOf(headers),
    bodyBytes: lengthOf(bodyBytes),
    contentLength: lengthOf(contentLength),
  };
}

function clientOf(json: unknown): PassedClient {
  const { scheme, clientAddress, isLocal, depth, callsLeft } = recordOf(json);
  if (scheme !== "http" && scheme !== "https") throw malformed("scheme");
  if (typeof clientAddress !== "string" || isIP(clientAddress) === 0) throw malformed("client address");
  if (typeof depth !== "number" || !Number.isInteger(depth) || depth < 0 || depth > MAX_DEPTH)
    throw malformed("depth");
  if (typeof isLocal !== "boolean") throw malformed("client");
  return { scheme, clientAddress, isLocal, depth, callsLeft: lengthOf(callsLeft) };
}

function headersOf(json: unknown): FlatHeaders {
  if (!Array.isArray(json) || json.length % 2 !== 0) throw malformed("headers");
  for (const [index, text] of (json as readonly unknown[]).entries())
    if (typeof text !== "string" || !(index % 2 === 0 ? TOKEN : FIELD_VALUE).test(text))
      throw malformed("headers");
  return json as string[];
}

function lengthOf(json: unknown): number | null {
  if (json === null) return null;
  if (typeof json !== "number" || !Number.isSafeInteger(json) || json < 0) throw malformed("length");
  return json;
}

function recordOf(json: unknown): Record<string, unknown> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw malformed("shape");
  return json as Record<string, unknown>;
}

function malformed(what: string): Reason {
  return new Reason(`the ${what} in the head of a message is malformed`);
}
