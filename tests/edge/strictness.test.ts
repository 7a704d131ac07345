// What the edge refuses of HTTP/1.1: each message that two parsers could read in two ways (RFC 9112).
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ask,
  askHttp2,
  DOMAIN,
  echo,
  openHttp2,
  respond,
  sendRaw,
  startTestEdge,
  type TestEdge,
} from "./edge-fixture.ts";
import { askLoopback } from "../http/ask.ts";

let test: TestEdge;
const ran: string[] = [];
const HOST = `echo.${DOMAIN}`;

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("echo", (request, context) => {
    ran.push(request.path);
    return echo(request, context);
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const REFUSED: readonly (readonly [what: string, status: number, message: string])[] = [
  ["two host headers", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nHost: ${HOST}\r\n\r\n`],
  ["two different host headers", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nhost: other.${DOMAIN}\r\n\r\n`],
  ["no host header", 400, "GET / HTTP/1.1\r\n\r\n"],
  ["no host header in HTTP/1.0", 400, "GET / HTTP/1.0\r\n\r\n"],
  ["an empty host header", 400, "GET / HTTP/1.1\r\nHost: \r\n\r\n"],
  ["a host with user information", 400, `GET / HTTP/1.1\r\nHost: me@${HOST}\r\n\r\n`],
  ["a host with a bad port", 400, `GET / HTTP/1.1\r\nHost: ${HOST}:http\r\n\r\n`],
  [
    "content-length beside transfer-encoding",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    "transfer-encoding beside content-length",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ],
  [
    "two equal content-lengths",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi`,
  ],
  [
    "two different content-lengths",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!`,
  ],
  ["a list of content-lengths", 400, `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2, 2\r\n\r\nhi`],
  ["a signed content-length", 400, `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: +2\r\n\r\nhi`],
  ["a hexadecimal content-length", 400, `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 0x2\r\n\r\nhi`],
  [
    "an unknown transfer-encoding",
    501,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    "a misspelt transfer-encoding",
    501,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    "chunked twice",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: ` +
      `chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    "transfer-encoding in HTTP/1.0",
    400,
    `POST / HTTP/1.0\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ["a folded header", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-A: b\r\n c\r\n\r\n`],
  ["a line that ends without CR", 400, `GET / HTTP/1.1\nHost: ${HOST}\n\n`],
  ["a header that ends without CR", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-A: b\nX-B: c\r\n\r\n`],
  ["a bare CR in a header", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-A: b\rc\r\n\r\n`],
  ["a NUL in a header", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-A: b\0c\r\n\r\n`],
  ["a blank before the colon", 400, `GET / HTTP/1.1\r\nHost : ${HOST}\r\n\r\n`],
  ["a blank in a name", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX A: b\r\n\r\n`],
  ["an empty name", 400, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n: b\r\n\r\n`],
  ["another authority in the target", 400, `GET http://other.${DOMAIN}/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["a target that is no path", 400, `GET style.css HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["an asterisk without OPTIONS", 400, `GET * HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["a fragment", 400, `GET /a#b HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["raw bytes in the target", 400, `GET /\xe4 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["an unknown method", 501, `HELLO / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ["an unknown version", 400, `GET / HTTP/3.7\r\nHost: ${HOST}\r\n\r\n`],
  ["HTTP/2 without its preface", 400, `GET / HTTP/2.0\r\nHost: ${HOST}\r\n\r\n`],
  ["HTTP/0.9", 400, `GET / HTTP/0.9\r\nHost: ${HOST}\r\n\r\n`],
  ["a version of two digits", 400, `GET / HTTP/1.10\r\nHost: ${HOST}\r\n\r\n`],
  [
    "a chunk size with a sign",
    400,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`,
  ],
  ["CONNECT", 501, `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  [
    "a WebSocket",
    501,
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  ],
  [
    "an unknown expectation",
    417,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nExpect: cake\r\nContent-Length: 2\r\n\r\nhi`,
  ],
];

describe("HTTP/1.1 as the edge takes it", () => {
  it.each(REFUSED)("refuses %s with %i and closes the connection", async (_what, status, message) => {
    // What follows would be smuggled in if the first message were read otherwise.
    const received = await sendRaw(
      test.edge.httpPort,
      `${message}GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    );
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(ran).not.toContain("/smuggled");
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it("takes a URL as target if it names the host", async () => {
    const received = await sendRaw(
      test.edge.httpPort,
      `GET http://${HOST}/a?b HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
    );
    expect(received).toContain('"path":"/a?b"');
  });

  it("ignores an offer of cleartext HTTP/2", async () => {
    const upgrade =
      "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: " +
      "h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n";
    const received = await sendRaw(
      test.edge.httpPort,
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${upgrade}\r\n`,
      (text) => text.includes("bodyBytes"),
    );
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(["1.2", "1.9"])("serves HTTP/%s as HTTP/1.1", async (version) => {
    const chunked = `Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`;
    const received = await sendRaw(
      test.edge.httpPort,
      `POST /one HTTP/${version}\r\nHost: ${HOST}\r\n${chunked}` +
        `GET /two HTTP/${version}\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
    );
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(received.match(/"bodyBytes":\d/g)).toEqual(['"bodyBytes":2', '"bodyBytes":0']);
  });

  it("answers pipelined requests in order", async () => {
    const one = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${more}\r\n`;
    const received = await sendRaw(
      test.edge.httpPort,
      one("/1") + one("/2") + one("/3", "Connection: close\r\n"),
    );
    expect([...received.matchAll(/"path":"(\/\d)"/g)].map((match) => match[1])).toEqual(["/1", "/2", "/3"]);
  });

  it("sends 100 only to clients that asked, and then reads the body", async () => {
    const received = await sendRaw(
      test.edge.httpPort,
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nExpect: ` +
        `100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(received).toContain('"bodyBytes":2');
  });
});

describe("a client that shuts its sending side", () => {
  it("still gets the answers to what it has asked", async () => {
    await test.deploy("slow", async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return respond(200, `slow ${request.body.length}`);
    });
    const one = `POST / HTTP/1.1\r\nHost: slow.${DOMAIN}\r\nContent-Length: 2\r\n\r\nhi`;
    const text = await sendRaw(test.edge.httpPort, one + one, undefined, { last: true });
    expect(text.match(/slow 2/g)).toHaveLength(2);
  });

  it("gets 400 for half a request", async () => {
    const half = `POST / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\nContent-Length: 20\r\n\r\nhi`;
    expect(await sendRaw(test.edge.httpPort, half, undefined, { last: true })).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("methods, codings and sizes", () => {
  it("are alike in HTTP/1.1 and HTTP/2: an unknown method gets 501", async () => {
    const text = await sendRaw(test.edge.httpPort, `BREW / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 501 /);
    const session = openHttp2(test, "echo");
    const answer = await askHttp2(session, { ":authority": HOST, ":path": "/", ":method": "BREW" });
    session.close();
    expect([answer.status, answer.headers["x-terrarium-error"]]).toEqual([501, "TER_EDGE_NOT_IMPLEMENTED"]);
  });

  it.each([40_000, 74_000, 200_000])("headers of %i bytes get 431, whatever their size", async (bytes) => {
    const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nx: ${"a".repeat(bytes)}\r\n\r\n`;
    expect(await sendRaw(test.edge.httpPort, head)).toMatch(/^HTTP\/1.1 431 /);
  });

  it("names that imitate framing headers by underscores do not reach programs", async () => {
    const lines =
      "Content_Length: 0\r\nTransfer_Encoding: chunked\r\nX_Fastly_Client_Ip: 6.6.6.6\r\nx_own: 1\r\n";
    const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${lines}Connection: close\r\n\r\n`;
    const text = await sendRaw(test.edge.httpPort, head);
    expect([/length|encoding|6\.6/i.test(text.split("\r\n\r\n")[1] ?? ""), text.includes("x_own")]).toEqual([
      false,
      true,
    ]);
  });

  const IMITATING = {
    content_length: "0",
    transfer_encoding: "chunked",
    x_fastly_client_ip: "6.6.6.6",
    x_own: "1",
  };
  const seen = (text: string) => [/length|encoding|6\.6/i.test(text), text.includes("x_own")];

  it("nor do they over TLS and HTTP/2", async () => {
    const session = openHttp2(test, "echo");
    const answer = await askHttp2(session, { ":authority": HOST, ":path": "/", ...IMITATING });
    session.close();
    expect(seen(answer.text)).toEqual([false, true]);
  });

  it("nor over TLS and HTTP/1.1", async () => {
    const request = { port: test.edge.httpsPort ?? 0, path: "/", headers: { host: HOST, ...IMITATING } };
    const { text } = await askLoopback(request, undefined, { servername: HOST, rejectUnauthorized: false });
    expect(seen(text)).toEqual([false, true]);
  });
});

describe("a program that passes an upstream's response on", () => {
  beforeAll(() =>
    test.deploy("proxy", ({ method }) =>
      respond(200, method === "HEAD" ? "" : "body", [
        ["connection", "x-hop, content-length"],
        ["x-hop", "1"],
        ["content-length", "99"],
        ["x-end", "1"],
      ]),
    ),
  );

  it("says no length for HEAD that it does not know", async () => {
    const answer = await ask(test, "proxy", "/", { method: "HEAD" });
    expect([answer.status, answer.headers["content-length"]]).toEqual([200, undefined]);
    expect((await ask(test, "proxy", "/")).headers["content-length"]).toBe("4");
  });

  it("keeps what the upstream's connection header names from the client", async () => {
    const { headers } = await ask(test, "proxy", "/");
    expect([headers["x-hop"], headers["x-end"]]).toEqual([undefined, "1"]);
  });
});
