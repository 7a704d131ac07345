// What programs see of a request, and what clients see of a response, over every protocol.
import { createConnection } from "node:net";
import { request as httpRequest } from "node:http";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TerrariumError } from "../../src/errors/index.ts";
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

/** Long before the limit of the run. */
const SOON = { timeout: 10_000 };

let test: TestEdge;

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("echo", echo);
});
afterAll(() => test[Symbol.asyncDispose]());

const CLIENT = [
  ["fastly-client-ip", "127.0.0.1"],
  ["x-fastly-client-ip", "127.0.0.1"],
];

describe("a request as the program sees it", () => {
  it("keeps raw path, order, spelling and repetition of headers", async () => {
    const head =
      `GET /a%2Fb/../c?x=1&y=%20 HTTP/1.1\r\nX-B: 2\r\nHost: ` +
      `echo.${DOMAIN}:8080\r\nx-a: 1\r\nX-B: 3\r\nConnection: close\r\n\r\n`;
    const received = await sendRaw(test.edge.httpPort, head);
    const seen = JSON.parse(received.slice(received.indexOf("{")));
    expect(seen.path).toBe("/a%2Fb/../c?x=1&y=%20");
    expect(seen.headers).toEqual([
      ["X-B", "2"],
      ["Host", `echo.${DOMAIN}:8080`],
      ["x-a", "1"],
      ["X-B", "3"],
      ["Connection", "close"],
      ...CLIENT,
    ]);
  });

  it("has one host and no pseudo-headers over HTTP/2, with cookies joined", async () => {
    const session = openHttp2(test, "echo");
    const answer = await askHttp2(session, { ":path": "/p?q", "x-a": "1", cookie: ["a=1", "b=2"] });
    const seen = JSON.parse(answer.text);
    expect(seen).toMatchObject({ method: "GET", path: "/p?q" });
    expect(seen.headers).toEqual([
      ["host", `echo.${DOMAIN}:${test.edge.httpsPort}`],
      ["x-a", "1"],
      ["cookie", "a=1; b=2"],
      ...CLIENT,
    ]);
    session.close();
  });

  it("has the address of the connection, whatever the client claims", async () => {
    const forged = { "fastly-client-ip": "9.9.9.9", "X-Fastly-Client-IP": "9.9.9.9" };
    const seen = JSON.parse((await ask(test, "echo", "/", { headers: forged })).text);
    expect(seen.headers.filter(([name]: [string]) => /client-ip/i.test(name))).toEqual(CLIENT);
    const session = openHttp2(test, "echo");
    const seen2 = JSON.parse((await askHttp2(session, { "fastly-client-ip": "9.9.9.9" })).text);
    expect(seen2.headers.filter(([name]: [string]) => /client-ip/i.test(name))).toEqual(CLIENT);
    session.close();
  });

  it("has none of the platform's own headers, and they have no effect", async () => {
    const forged = {
      "x-terrarium-passed": JSON.stringify({ client: "6.6.6.6", scheme: "https", depth: 99 }),
      "X-Terrarium-Anything": "1",
    };
    const answer = await ask(test, "echo", "/", { headers: forged });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/terrarium-|6\.6\.6\.6/i);
  });

  it("has its body whole, however it is framed", async () => {
    const body = Buffer.alloc(300_000, "0123456789");
    const plain = JSON.parse(
      (
        await ask(test, "echo", "/", {
          method: "POST",
          body,
          headers: { "content-length": String(body.length) },
        })
      ).text,
    );
    const chunked = JSON.parse(
      (await ask(test, "echo", "/", { method: "POST", body, headers: { "transfer-encoding": "chunked" } }))
        .text,
    );
    const session = openHttp2(test, "echo");
    const http2 = JSON.parse((await askHttp2(session, { ":method": "PUT" }, body)).text);
    session.close();
    expect(plain.bodyBytes).toBe(300_000);
    expect([chunked.bodyDigest, http2.bodyDigest]).toEqual([plain.bodyDigest, plain.bodyDigest]);
  });
});

describe("a response as the client sees it", () => {
  const both = async (id: string, method = "GET") => {
    const session = openHttp2(test, id);
    const answers = [await ask(test, id, "/", { method }), await askHttp2(session, { ":method": method })];
    session.close();
    return answers;
  };

  it("has the program's headers, including repeated ones, and the platform's framing", async () => {
    await test.deploy("headers", () =>
      respond(201, "héllo", [
        ["X-A", "1"],
        ["set-cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Content-Length", "999"],
        ["Transfer-Encoding", "chunked"],
        ["Connection", "close"],
        ["Keep-Alive", "x"],
      ]),
    );
    for (const answer of await both("headers")) {
      expect([answer.status, answer.text, answer.headers["content-length"], answer.headers["x-a"]]).toEqual([
        201,
        "héllo",
        "6",
        "1",
      ]);
      expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
      expect(answer.headers["transfer-encoding"]).toBeUndefined();
    }
  });

  it("has no body for HEAD, 204 and 304", async () => {
    await test.deploy("body", () => respond(200, "body"));
    await test.deploy("nobody", () => respond(204, "body"));
    await test.deploy("same", () => respond(304, "body"));
    for (const answer of await both("body", "HEAD"))
      expect([answer.status, answer.text, answer.headers["content-length"]]).toEqual([200, "", "4"]);
    for (const answer of await both("nobody"))
      expect([answer.status, answer.text, answer.headers["content-length"]]).toEqual([204, "", undefined]);
    for (const answer of await both("same")) expect([answer.status, answer.text]).toEqual([304, ""]);
  });

  it.each([
    ["a status below 200", () => respond(101, "")],
    ["a status above 599", () => respond(600, "")],
    ["a line break in a value", () => respond(200, "", [["x-a", "b\r\nx-evil: 1"]])],
    ["a blank in a name", () => respond(200, "", [["x a", "b"]])],
    ["a character beyond latin-1", () => respond(200, "", [["x-a", "\u20ac"]])],
    ["more headers than allowed", () => respond(200, "", [["x-a", "b".repeat(40_000)]])],
  ])("is a 500 that says so for %s", async (_what, program) => {
    await test.deploy(`bad-${test.programs.size}`, program);
    for (const answer of await both([...test.programs.keys()].at(-1)!)) {
      expect([answer.status, answer.headers["x-terrarium-error"], answer.headers["x-evil"]]).toEqual([
        500,
        "TER_EDGE_BAD_RESPONSE",
        undefined,
      ]);
    }
  });

  it("is a 500 with the fault's message and source location, which the log holds, too", async () => {
    const id = await test.deploy("broken", () => ({
      kind: "fault",
      error: new TerrariumError("TER_GUEST_TRAP", { trap: "division by zero" }),
      location: "main.c:7",
    }));
    for (const answer of await both("broken")) {
      expect([answer.status, answer.text]).toEqual([
        500,
        "The program trapped: division by zero\n  at main.c:7\n",
      ]);
      expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    }
    const { edge } = test;
    expect(edge.stats().faults).toBeGreaterThan(0);
    await expect
      .poll(async () =>
        (await test.store.logs.read(id, { limit: 10 })).map(({ source, text }) => `${source} ${text}`),
      )
      .toEqual(Array.from({ length: 2 }, () => "fault The program trapped: division by zero\n  at main.c:7"));
  });

  it("sets no cookie for siblings", async () => {
    await test.deploy("cookies", () =>
      respond(200, "", [
        ["set-cookie", `a=1; Domain=${DOMAIN}; Path=/`],
        ["set-cookie", `b=1; domain=.cookies.${DOMAIN}`],
        ["set-cookie", `c=1; DOMAIN = sibling.${DOMAIN}`],
      ]),
    );
    for (const answer of await both("cookies"))
      expect(answer.headers["set-cookie"]).toEqual(["a=1; Path=/", `b=1; domain=.cookies.${DOMAIN}`, "c=1"]);
  });

  it("arrives whole if it is large", async () => {
    const large = Buffer.alloc(5_000_000, "large");
    await test.deploy("large", () => respond(200, large));
    for (const answer of await both("large")) expect(answer.body.equals(large)).toBe(true);
  });
});

describe("a client that goes away", () => {
  it("ends the run, over HTTP/1.1 and HTTP/2", async () => {
    const started: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
    const aborted: number[] = [];
    await test.deploy("waiting", async ({ path }, { signal }) => {
      const index = Number(path.slice(1));
      const ended = new Promise<void>((resolve) => signal!.addEventListener("abort", () => resolve()));
      started[index]!.resolve();
      await ended;
      aborted.push(index);
      return respond(200, "too late");
    });
    const request = httpRequest({
      port: test.edge.httpPort,
      path: "/0",
      headers: { host: `waiting.${DOMAIN}` },
    }).on("error", () => undefined);
    request.end();
    await started[0]!.promise;
    request.destroy();
    await expect.poll(() => aborted, SOON).toEqual([0]);
    const session = openHttp2(test, "waiting");
    const stream = session.request({ ":path": "/1" }).on("error", () => undefined);
    await started[1]!.promise;
    stream.close(8);
    await expect.poll(() => aborted, SOON).toEqual([0, 1]);
    session.close();
    await expect.poll(() => test.edge.stats().inFlight).toBe(0);
  });

  it.each(["HTTP", "HTTPS"])(
    "notice that their client is gone in the middle of them, over %s",
    async (kind) => {
      let aborted = false;
      await test.deploy(`left-${kind.toLowerCase()}`, async (_, { signal }) => {
        await new Promise<void>((resolve) => signal!.addEventListener("abort", () => resolve()));
        aborted = true;
        return respond(200, "");
      });
      const socket =
        kind === "HTTP"
          ? createConnection(test.edge.httpPort, "127.0.0.1")
          : connectTls({ port: test.edge.httpsPort!, host: "127.0.0.1", rejectUnauthorized: false });
      socket.on("error", () => undefined);
      // A client that closes says no more than one that only stops sending.
      socket.write(`GET / HTTP/1.1\r\nHost: left-${kind.toLowerCase()}.${DOMAIN}\r\n\r\n`);
      await expect.poll(() => test.edge.stats().inFlight).toBe(1);
      socket.destroy();
      await expect.poll(() => aborted, SOON).toBe(true);
    },
  );

  it("does not end a run whose response was sent", async () => {
    let signal: AbortSignal | undefined;
    await test.deploy("quick", (_request, context) => {
      signal = context.signal;
      return respond(200, "done");
    });
    expect((await ask(test, "quick")).text).toBe("done");
    expect(signal?.aborted).toBe(false);
  });

  it("in the middle of its body is no run", async () => {
    let ran = false;
    await test.deploy("never", () => {
      ran = true;
      return respond(200, "");
    });
    const socket = createConnection(test.edge.httpPort, "127.0.0.1");
    socket.write(`POST / HTTP/1.1\r\nHost: never.${DOMAIN}\r\nContent-Length: 10\r\n\r\nhalf`);
    await expect.poll(() => test.edge.stats().inFlight).toBe(1);
    socket.destroy();
    await expect.poll(() => test.edge.stats().inFlight).toBe(0);
    expect(ran).toBe(false);
  });
});
