// Requests that try to be read in two ways: random heads from a pool of what has broken proxies, with bodies
// that are requests themselves.
import * as fc from "fast-check";

/** The request inside a body. */
const SMUGGLED = [
  "POST /api/v1/deployments?smuggled HTTP/1.1",
  "Host: HOST",
  "x-terrarium-client: 6.6.6.6",
  "content-length: 2",
  "",
  "{}",
].join("\r\n");

const framingNames = [
  "content-length",
  "Content-Length",
  "transfer-encoding",
  "connection",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "proxy-connection",
];
const ourNames = ["x-terrarium-client", "x-terrarium-passed", "x-terrarium-scheme", "x-terrarium-timing"];
const imitations = ["content_length", "transfer_encoding", "Content-Length ", "x", "cookie", "x-keep"];

const name = fc.constantFrom(...framingNames, ...ourNames, ...imitations);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...framingNames, ...ourNames, "close", "keep-alive", "chunked") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("0", "1", "5", "+5", "5, 5", "-1", "0x5", "identity", "gzip, chunked"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"client":"6.6.6.6","scheme":"https","depth":-1000}', "6.6.6.6", ""),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("caf\xe9", "\xff\x80", "a\tb", "100-continue", "h2c", "websocket"),
  },
);
const line = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(name, value).map(([header, text]) => `${header}: ${text}`) },
  { weight: 2, arbitrary: fc.constantFrom(...framingNames, ...ourNames).map((n) => `Connection: ${n}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("x: a\r\n folded", "no colon", ": no name", "x : blank", "x:\x00"),
  },
);

interface RandomRequest {
  readonly method: string;
  readonly target: string;
  readonly lines: readonly string[];
  readonly framing: "none" | "length" | "chunked" | "wrong";
  readonly body: string;
}

const request: fc.Arbitrary<RandomRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"),
  target: fc.constantFrom(
    "/",
    "/a?b=c",
    "/a/../b",
    "//x",
    "/%00",
    "/a;b",
    "/?q='\"{}|\\^`",
    "http://HOST/abs",
  ),
  lines: fc.array(line, { maxLength: 6 }),
  framing: fc.constantFrom("none", "length", "length", "chunked", "chunked", "wrong"),
  body: fc.constantFrom("", "hello", SMUGGLED, `0\r\n\r\n${SMUGGLED}`, "x".repeat(70_000)),
});

/** Tells requests apart, so that each is looked for where it arrives. */
let serial = 0;

/** What goes over one connection to a host. */
export function randomConnection(host: string): fc.Arbitrary<Buffer> {
  return fc
    .array(request, { minLength: 1, maxLength: 3 })
    .map((requests) => Buffer.from(requests.map((one) => spell(one, host)).join(""), "latin1"));
}

function spell({ method, target, lines, framing, body: text }: RandomRequest, host: string): string {
  const body = text.replaceAll("HOST", host);
  const frame = {
    none: [],
    length: [`content-length: ${body.length}`],
    chunked: ["transfer-encoding: chunked"],
    wrong: [`content-length: ${Math.floor(body.length / 2)}`],
  }[framing];
  const framed = { none: "", length: body, chunked: chunked(body), wrong: body }[framing];
  const path = `${target.replaceAll("HOST", host)}?n=${serial++}`;
  return [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...lines, ...frame, "", framed].join("\r\n");
}

function chunked(body: string): string {
  const chunk = body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`;
  return `${chunk}0\r\n\r\n`;
}
