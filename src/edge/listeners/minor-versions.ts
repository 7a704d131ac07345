// Minor versions of HTTP/1 beyond 1.1, which a server treats as 1.1 (RFC 9110 section 2.5). Node's parser
// refuses them before any event; one of its flags, which only `insecureHTTPParser` sets together with others,
// lets versions through. Whoever takes requests has to refuse other major versions.
import { createServer } from "node:http";
import { type Duplex, duplexPair } from "node:stream";

interface ParserClass {
  readonly REQUEST: number;
  /** Missing in a Node that has no such flag: then requests with other versions get 400. */
  readonly kLenientVersion?: number;
  readonly prototype: { initialize: Initialize };
}
type Initialize = (
  type: number,
  resource: object,
  maxHeaderSize: number,
  flags: number,
  ...rest: unknown[]
) => void;

let isDone = false;

/** Makes parsers of requests in this process pass on any version. */
export function acceptMinorVersions(): void {
  if (isDone) return;
  isDone = true;
  const { REQUEST, kLenientVersion = 0, prototype } = parserClass();
  const { initialize } = prototype;
  prototype.initialize = function (type, resource, maxHeaderSize, flags, ...rest) {
    const allowed = type === REQUEST ? flags | kLenientVersion : flags;
    initialize.call(this, type, resource, maxHeaderSize, allowed, ...rest);
  };
}

/** Node does not export it; every connection of a server has one. */
function parserClass(): ParserClass {
  const [end] = duplexPair();
  createServer().emit("connection", end);
  const { parser } = end as Duplex & { parser: { constructor: ParserClass } };
  end.destroy();
  return parser.constructor;
}
