// What follows a redirect: method and headers by the fetch standard's rules, credentials only to the origin
// that they were meant for.
import { isFieldValue } from "../field-rules.ts";
import type { HeaderList, OutboundRequest } from "../../types.ts";
import { parseTarget } from "../target.ts";
import { OutboundFailure } from "./failure.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** They describe a body that is no longer sent. */
const BODY_HEADERS = new Set(["content-encoding", "content-language", "content-location", "content-type"]);
/** They are for the first origin alone; `host` named a site there. */
const ORIGIN_HEADERS = new Set(["authorization", "cookie", "cookie2", "host", "proxy-authorization"]);

/**
 * The request that a response asks for, or null if it is not a redirect. Throws OutboundFailure if it leads
 * nowhere.
 */
export function followRedirect(
  request: OutboundRequest,
  status: number,
  headers: HeaderList,
): OutboundRequest | null {
  const location = headers.find(([name]) => name.toLowerCase() === "location")?.[1];
  if (!REDIRECTS.has(status) || location === undefined || location === "") return null;
  const url = targetOf(location, request.url);
  const toGet =
    (status === 303 && request.method !== "HEAD" && request.method !== "GET") ||
    (status <= 302 && request.method === "POST");
  const sameOrigin = url.origin === request.url.origin;
  const kept = request.headers.filter(
    ([name]) =>
      !(toGet && BODY_HEADERS.has(name.toLowerCase())) &&
      (sameOrigin || !ORIGIN_HEADERS.has(name.toLowerCase())),
  );
  return {
    method: toGet ? "GET" : request.method,
    url,
    headers: kept,
    body: toGet ? new Uint8Array(0) : request.body,
  };
}

function targetOf(location: string, base: URL): URL {
  // Servers send UTF-8 in Location; header values come as one unit per byte.
  const text = Buffer.from(location, "latin1").toString("utf8");
  const absolute = isFieldValue(location) ? URL.parse(text, base) : null;
  const url = absolute === null ? null : parseTarget(absolute.href);
  if (url === null) throw new OutboundFailure("the redirect does not lead to an http or https URL");
  url.username = "";
  url.password = "";
  return url;
}
