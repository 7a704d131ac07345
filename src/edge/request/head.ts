// What the edge requires of a request's head beyond Node's parser, and what it learns on the way. One pass
// over the raw headers; names are lower-cased only if their length makes them candidates.
import { TerrariumError } from "../../errors/index.ts";
import type { FlatHeaders } from "./exchange.ts";

/** Limits of a request's head. */
export interface HeadLimits {
  readonly urlBytes: number;
  readonly headerBytes: number;
  readonly headerCount: number;
}

/** What one pass over the headers found. */
export interface HeadFields {
  /** Undefined if there is none. */
  host: string | undefined;
  /** Undefined if there is none. */
  contentLength: number | undefined;
  transferEncoding: string | undefined;
  /** Lower case. */
  upgrade: string | undefined;
  /** The client waits for 100 before it sends the body. */
  expectsContinue: boolean;
}

/** ": " and the line end: what a header takes besides its name and value. */
const HEADER_OVERHEAD_BYTES = 4;
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const DIGITS = /^\d{1,15}$/;

/** Throws TerrariumError (400, 414, 417, 431) for a head that is too large or could be read in two ways. */
export function inspectHead(target: string, headers: FlatHeaders, limits: HeadLimits): HeadFields {
  if (target.length > limits.urlBytes)
    throw new TerrariumError("TER_EDGE_URL_TOO_LONG", { allowed: limits.urlBytes });
  if (headers.length > limits.headerCount * 2) {
    throw new TerrariumError("TER_EDGE_HEADERS_TOO_LARGE", {
      allowed: limits.headerCount,
      unit: "headers",
      limit: "headerCount",
    });
  }
  const fields: HeadFields = {
    host: undefined,
    contentLength: undefined,
    transferEncoding: undefined,
    upgrade: undefined,
    expectsContinue: false,
  };
  let bytes = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    bytes += name.length + value.length + HEADER_OVERHEAD_BYTES;
    note(fields, name, value);
  }
  if (bytes > limits.headerBytes)
    throw new TerrariumError("TER_EDGE_HEADERS_TOO_LARGE", {
      allowed: limits.headerBytes,
      unit: "bytes",
      limit: "headerBytes",
    });
  if (fields.transferEncoding !== undefined && fields.contentLength !== undefined)
    throw malformed("content-length beside transfer-encoding");
  return fields;
}

/** A 400 that says what is wrong. */
export function malformed(reason: string): TerrariumError {
  return new TerrariumError("TER_EDGE_BAD_REQUEST", { reason });
}

/**
 * Path and query of a target. Throws TER_EDGE_BAD_REQUEST if it is not a path, has a fragment or unescaped
 * bytes, or names an authority other than `host`.
 */
export function pathOfTarget(method: string, target: string, host: string): string {
  if (!VISIBLE_ASCII.test(target)) throw malformed("the target holds bytes that must be percent-encoded");
  if (target.includes("#")) throw malformed("the target has a fragment");
  if (target.startsWith("/")) return target;
  if (target === "*" && method === "OPTIONS") return target;
  const parts = ABSOLUTE.exec(target);
  if (parts === null) throw malformed("the target is neither a path nor a URL");
  if ((parts[1] ?? "").toLowerCase() !== host.toLowerCase())
    throw malformed("target and host name different authorities");
  const path = parts[2] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}

/** 501 for a transfer coding that nobody knows, 400 for chunked where it may not be. */
export function refusedCoding(transferEncoding: string): TerrariumError {
  const codings = transferEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  if (codings.every((coding) => coding === "chunked" || coding === ""))
    return malformed("the only transfer-encoding is chunked, once");
  return new TerrariumError("TER_EDGE_NOT_IMPLEMENTED", { what: "transfer coding" });
}

function note(fields: HeadFields, name: string, value: string): void {
  switch (name.length) {
    case 4:
      if (name === "Host" || name.toLowerCase() === "host") fields.host = once(fields.host, value, "host");
      return;
    case 6:
      if (name.toLowerCase() === "expect") fields.expectsContinue = isContinue(value);
      return;
    case 7:
      if (name.toLowerCase() === "upgrade") fields.upgrade = value.toLowerCase();
      return;
    case 14:
      if (name.toLowerCase() === "content-length")
        fields.contentLength = length(once(fields.contentLength, value, "content-length"));
      return;
    case 17:
      if (name.toLowerCase() === "transfer-encoding")
        fields.transferEncoding = once(fields.transferEncoding, value, "transfer-encoding");
  }
}

/** True. Throws for any other expectation. */
function isContinue(value: string): true {
  if (value.toLowerCase() === "100-continue") return true;
  throw new TerrariumError("TER_EDGE_EXPECTATION");
}

function once(before: string | number | undefined, value: string, name: string): string {
  if (before !== undefined) throw malformed(`${name} is given twice`);
  return value;
}

function length(value: string): number {
  if (!DIGITS.test(value)) throw malformed("content-length is not a number");
  return Number(value);
}
