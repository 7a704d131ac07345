// URLs that guests may request: absolute, http or https. Where they lead is checked when the connection is
// made.

/** Characters that a URL cannot contain but that the WHATWG parser silently drops. */
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const BLANK_OR_CONTROL = /[\x00-\x20\x7f]/;

/** The URL without fragment, or null if it is malformed or of another scheme. */
export function parseTarget(text: string): URL | null {
  if (BLANK_OR_CONTROL.test(text) || text.includes("\ufffd")) return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "")
    return null;
  url.hash = "";
  return url;
}
