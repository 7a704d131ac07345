// Sizes of a request: one below and exactly at the limit pass, one above is refused with its own status.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  askHttp2,
  ask,
  DOMAIN,
  echo,
  openHttp2,
  sendRaw,
  startTestEdge,
  type TestEdge,
} from "./edge-fixture.ts";

const LIMITS = { urlBytes: 200, headerBytes: 2000, headerCount: 20, requestBodyBytes: 1000 };
let test: TestEdge;

beforeAll(async () => {
  test = await startTestEdge({ limits: LIMITS });
  await test.deploy("echo", echo);
});
afterAll(() => test[Symbol.asyncDispose]());

const url = (bytes: number) => `/${"u".repeat(bytes - 1)}`;
/** Host and connection are two of the headers. */
const headerCount = (count: number) =>
  Object.fromEntries(Array.from({ length: count - 2 }, (_, index) => [`h${index}`, "v"]));
const body = (bytes: number) => Buffer.alloc(bytes, "b");

describe("sizes of a request", () => {
  it.each([
    [199, 200],
    [200, 200],
    [201, 414],
  ])("answers a URL of %i bytes with %i", async (bytes, status) => {
    expect((await ask(test, "echo", url(bytes))).status).toBe(status);
    const session = openHttp2(test, "echo");
    expect((await askHttp2(session, { ":path": url(bytes) })).status).toBe(status);
    session.close();
  });

  it("answers a URL beyond what the parser takes with 414, and headers with 431", async () => {
    const head = (path: string, more: string) =>
      `GET ${path} HTTP/1.1\r\nHost: echo.${DOMAIN}\r\n${more}\r\n`;
    expect(await sendRaw(test.edge.httpPort, head(url(20_000), ""))).toMatch(/^HTTP\/1\.1 414 /);
    expect(await sendRaw(test.edge.httpPort, head("/", `a: ${"v".repeat(20_000)}\r\n`))).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  it.each([
    [19, 200],
    [20, 200],
    [21, 431],
  ])("answers %i headers with %i", async (count, status) => {
    expect((await ask(test, "echo", "/", { headers: headerCount(count) })).status).toBe(status);
  });

  it.each([
    [19, 200],
    [20, 200],
    [21, 431],
  ])("answers %i headers over HTTP/2 with %i", async (count, status) => {
    const session = openHttp2(test, "echo");
    const headers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, "v"]));
    expect((await askHttp2(session, headers)).status).toBe(status);
    session.close();
  });

  it.each([
    [-1, 200],
    [0, 200],
    [1, 431],
  ])("answers headers %i bytes from the limit with %i", async (offset, status) => {
    const others = `host${"echo"}.${DOMAIN}connectionclosea`.length + 3 * 4;
    const value = "v".repeat(LIMITS.headerBytes - others + offset);
    expect((await ask(test, "echo", "/", { headers: { a: value } })).status).toBe(status);
  });

  it.each([
    [999, 200],
    [1000, 200],
    [1001, 413],
  ])("answers a body of %i bytes with %i", async (bytes, status) => {
    expect(
      (
        await ask(test, "echo", "/", {
          method: "POST",
          body: body(bytes),
          headers: { "content-length": String(bytes) },
        })
      ).status,
    ).toBe(status);
    expect(
      (
        await ask(test, "echo", "/", {
          method: "POST",
          body: body(bytes),
          headers: { "transfer-encoding": "chunked" },
        })
      ).status,
    ).toBe(status);
    const session = openHttp2(test, "echo");
    expect((await askHttp2(session, { ":method": "POST" }, body(bytes))).status).toBe(status);
    expect(
      (await askHttp2(session, { ":method": "POST", "content-length": bytes }, body(bytes))).status,
    ).toBe(status);
    session.close();
  });

  it("says the limit, and refuses without reading the body if its length is announced", async () => {
    const head = `POST / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\nContent-Length: 5000000000\r\n\r\n`;
    const received = await sendRaw(test.edge.httpPort, head, (text) => text.includes("1,000 bytes"));
    expect(received).toContain("The request body exceeds the limit of 1,000 bytes");
  });

  it("refuses an announced body before the client sends it, if the client waits", async () => {
    const framing = "Expect: 100-continue\r\nContent-Length: 1001";
    const head = `POST / HTTP/1.1\r\nHost: echo.${DOMAIN}\r\n${framing}\r\n\r\n`;
    const received = await sendRaw(test.edge.httpPort, head);
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe("requests beyond what an edge holds", () => {
  it("get 503 with Retry-After, and are served once there is room", async () => {
    await using small = await startTestEdge({ limits: { requestsInFlight: 2 } });
    const gate = Promise.withResolvers<void>();
    let running = 0;
    const bothRun = Promise.withResolvers<void>();
    await small.deploy("slow", async (request, context) => {
      if (++running === 2) bothRun.resolve();
      await gate.promise;
      return echo(request, context);
    });
    const held = [ask(small, "slow"), ask(small, "slow")];
    await bothRun.promise;
    const refused = await ask(small, "slow");
    expect([refused.status, refused.headers["retry-after"], refused.headers["x-terrarium-error"]]).toEqual([
      503,
      "1",
      "TER_EDGE_BUSY",
    ]);
    gate.resolve();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(small, "slow")).status).toBe(200);
    expect(small.edge.stats().inFlight).toBe(0);
  });

  it("get 503 if they all come from one connection, while others are served", async () => {
    await using other = await startTestEdge();
    const gate = Promise.withResolvers<void>();
    await other.deploy("slow", async (request, context) => {
      if (request.path === "/held") await gate.promise;
      return echo(request, context);
    });
    const one = `GET /held HTTP/1.1\r\nHost: slow.${DOMAIN}\r\n\r\n`;
    const flood = sendRaw(
      other.edge.httpPort,
      one.repeat(200),
      (text) => (text.match(/HTTP\/1\.1 503/g)?.length ?? 0) === 72,
    );
    while (other.edge.stats().requests < 200) await ask(other, "slow", "/free");
    expect(other.edge.stats().inFlight).toBe(128);
    expect((await ask(other, "slow", "/free")).status).toBe(200);
    gate.resolve();
    expect((await flood).match(/HTTP\/1\.1 200/g)).toHaveLength(128);
  });
});
