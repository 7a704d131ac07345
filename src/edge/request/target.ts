// The request target in its forms (RFC 9112 section 3.2): origin form passes raw, absolute form loses its origin.
import { malformed } from "./inspect.ts";

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Path and query of a target. Throws TER_EDGE_BAD_REQUEST for one that is no path, has a fragment or bytes that belong
 * escaped, or names another authority than `host`.
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
