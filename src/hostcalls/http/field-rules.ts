// What HTTP allows in methods, header names and values (RFC 9110), and which headers only the platform may
// set.

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** HTAB, printable ASCII and obs-text; never CR, LF or NUL, which would end the field. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Host and optional port: what a URL's authority may hold, without user information. */
const HOST = /^[A-Za-z0-9\-._~%!$&'()*+,;=[\]:]+$/;

/** Framing and hop-by-hop headers: valid when a guest sets them, without effect. */
const FRAMING = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "trailers",
  "transfer-encoding",
  "upgrade",
]);

/** Whether text is an HTTP token: a method or a header name. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether text, one unit per byte, is a valid field value. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** Whether text is a valid value of `host`. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** Whether a header frames the message or belongs to one connection. */
export function isFraming(lowerCaseName: string): boolean {
  return FRAMING.has(lowerCaseName);
}

/**
 * A value without surrounding blanks, which HTTP/2 forbids and HTTP/1 ignores. A regular expression would
 * take quadratic time.
 */
export function trimmed(value: string): string {
  let [start, end] = [0, value.length];
  while (start < end && isBlank(value.charCodeAt(start))) start += 1;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}
