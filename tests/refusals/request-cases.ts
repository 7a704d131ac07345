// Requests that reach no program.
import type { RequestCase } from "./case.ts";

const get = (host: string, more = "", target = "/"): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;
const post = (host: string, more: string, body = ""): string =>
  `POST / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n${body}`;

export const REQUEST_CASES: readonly RequestCase[] = [
  {
    input: "a name without a deployment",
    bytes: () => get("abandon-ability-able-about.localhost"),
    status: 404,
    code: "TER_EDGE_UNKNOWN_HOST",
    message:
      'Nothing is deployed at "abandon-ability-able-about.localhost". Deployments live for a ' +
      "limited time: deploy again, or check the name",
  },
  {
    input: "a URL that is too long",
    bytes: (host) => get(host, "", `/${"u".repeat(500)}`),
    status: 414,
    code: "TER_EDGE_URL_TOO_LONG",
    message:
      "Path and query exceed the limit of 500 bytes. Send the data in the body, or start the " +
      "server with a higher --limit urlBytes=N",
  },
  {
    input: "too many headers",
    bytes: (host) => get(host, Array.from({ length: 19 }, (_, index) => `h${index}: v\r\n`).join("")),
    status: 431,
    code: "TER_EDGE_HEADERS_TOO_LARGE",
    message:
      "The request headers exceed the limit of 20 headers. Send fewer or shorter headers, or " +
      "start the server with a higher --limit headerCount=N",
  },
  {
    input: "headers that are too large",
    bytes: (host) => get(host, `a: ${"v".repeat(2000)}\r\n`),
    status: 431,
    code: "TER_EDGE_HEADERS_TOO_LARGE",
    message:
      "The request headers exceed the limit of 2,000 bytes. Send fewer or shorter headers, or " +
      "start the server with a higher --limit headerBytes=N",
  },
  {
    input: "headers that the parser does not take in",
    bytes: (host) => get(host, `a: ${"v".repeat(70_000)}\r\n`),
    status: 431,
    code: "TER_EDGE_HEADERS_TOO_LARGE",
    message:
      "The request headers exceed the limit of 2,000 bytes. Send fewer or shorter headers, or " +
      "start the server with a higher --limit headerBytes=N",
  },
  {
    input: "a body that is too large",
    bytes: (host) => post(host, "Content-Length: 1001\r\n", "b".repeat(1001)),
    status: 413,
    code: "TER_EDGE_BODY_TOO_LARGE",
    message:
      "The request body exceeds the limit of 1,000 bytes. Send less, or start the server with a " +
      "higher --limit requestBodyBytes=N",
  },
  {
    input: "a chunked body that is too large",
    bytes: (host) => post(host, "Transfer-Encoding: chunked\r\n", `3e9\r\n${"b".repeat(1001)}\r\n0\r\n\r\n`),
    status: 413,
    code: "TER_EDGE_BODY_TOO_LARGE",
    message:
      "The request body exceeds the limit of 1,000 bytes. Send less, or start the server with a " +
      "higher --limit requestBodyBytes=N",
  },
  {
    input: "two lengths",
    bytes: (host) => post(host, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    status: 400,
    code: "TER_EDGE_BAD_REQUEST",
    message:
      "The request is malformed: Transfer-Encoding can't be present with Content-Length. " +
      "Correct the client: this is not valid HTTP",
  },
  {
    input: "no host",
    bytes: () => "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    status: 400,
    code: "TER_EDGE_BAD_REQUEST",
    message: "The request is malformed: there is no host header. Correct the client: this is not valid HTTP",
  },
  {
    input: "two hosts",
    bytes: (host) => get(host, `Host: ${host}\r\n`),
    status: 400,
    code: "TER_EDGE_BAD_REQUEST",
    message: "The request is malformed: host is given twice. Correct the client: this is not valid HTTP",
  },
  {
    input: "bytes that are not HTTP",
    bytes: () => "hello\r\n\r\n",
    status: 400,
    code: "TER_EDGE_BAD_REQUEST",
    message:
      "The request is malformed: Invalid method encountered. Correct the client: this is not valid HTTP",
  },
  {
    input: "an upgrade to WebSocket",
    bytes: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    status: 501,
    code: "TER_EDGE_NO_UPGRADE",
    message:
      "WebSockets, CONNECT and other protocol upgrades are not supported. Use plain requests and responses",
  },
  {
    input: "CONNECT",
    bytes: () => "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
    status: 501,
    code: "TER_EDGE_NO_UPGRADE",
    message:
      "WebSockets, CONNECT and other protocol upgrades are not supported. Use plain requests and responses",
  },
  {
    input: "an unknown expectation",
    bytes: (host) => get(host, "Expect: miracles\r\n"),
    status: 417,
    code: "TER_EDGE_EXPECTATION",
    message: "The request has an unknown expectation. Send `Expect: 100-continue`, or no Expect header",
  },
];
