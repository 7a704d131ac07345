// Conditional requests (RFC 9110 section 13): whether a client has what it asks for, or asks for what is no
// more.
import type { Exchange } from "../request/exchange.ts";

/** What tells one representation from another. */
export interface Validators {
  /** Strong, quoted. */
  readonly etag: string;
  readonly lastModifiedMs: number;
}

/** The status that the conditions of a request for an asset lead to, in the order of section 13.2.2. */
export function conditionalStatus(exchange: Exchange, validators: Validators): 200 | 304 | 412 {
  const { etag } = validators;
  const modifiedMs = wholeSeconds(validators.lastModifiedMs);
  const match = exchange.header("if-match");
  if (match !== undefined) {
    if (!names(match, etag, false)) return 412;
  } else {
    const unmodifiedMs = dateOf(exchange.header("if-unmodified-since"));
    if (unmodifiedMs !== null && modifiedMs > unmodifiedMs) return 412;
  }
  const noneMatch = exchange.header("if-none-match");
  if (noneMatch !== undefined) return names(noneMatch, etag, true) ? 304 : 200;
  const modifiedSinceMs = dateOf(exchange.header("if-modified-since"));
  return modifiedSinceMs !== null && modifiedMs <= modifiedSinceMs ? 304 : 200;
}

/** Whether `If-Range` lets a range of this representation be sent. */
export function allowsRange(condition: string | undefined, validators: Validators): boolean {
  if (condition === undefined || condition === validators.etag) return true;
  return dateOf(condition) === wholeSeconds(validators.lastModifiedMs);
}

/** As `Last-Modified` has it. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** Whether a list of entity tags names one; `weakly`: W/ makes no difference. */
function names(list: string, etag: string, weakly: boolean): boolean {
  if (list.trim() === "*") return true;
  return list.split(",").some((candidate) => {
    const tag = candidate.trim();
    return tag === etag || (weakly && tag === `W/${etag}`);
  });
}

/** The three forms of RFC 9110 section 5.6.7; the last of them does not name its zone, which is GMT. */
const DATES: readonly (readonly [form: RegExp, zone: string])[] = [
  [/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, ""],
  [/^\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT$/, ""],
  [/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/, " GMT"],
];

/** Null for what is no date: such conditions are ignored. */
function dateOf(header: string | undefined): number | null {
  const zone = header && DATES.find(([form]) => form.test(header))?.[1];
  const ms = zone === undefined ? Number.NaN : Date.parse(`${header}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
