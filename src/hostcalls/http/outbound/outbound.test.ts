import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createAuthority } from "../../testing/certificates.ts";
import type { HeaderList, OutboundRequest, OutboundResponse } from "../../types.ts";
import { decodeBody } from "./decode.ts";
import { createHostsLookup } from "./hosts-file.ts";
import { type CallTree, createOutbound, type OutboundOptions } from "./outbound.ts";
import { followRedirect } from "./redirect.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An upstream that answers raw bytes and keeps raw requests; null: it never answers. */
async function upstream(
  answer: (request: string) => string | Buffer | null,
): Promise<{ readonly port: number; readonly requests: string[]; readonly server: Server; open(): number }> {
  const requests: string[] = [];
  let open = 0;
  const server = createServer((socket) => {
    open += 1;
    socket.on("close", () => (open -= 1));
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const [head = "", body] = text.split("\r\n\r\n");
      if (body === undefined || body.length < Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0)) return;
      requests.push(text);
      const reply = answer(text);
      if (reply !== null) socket.end(reply);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, requests, server, open: () => open };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function service(port: number, options: Partial<OutboundOptions> = {}) {
  const rule = (name: string, from = 80) => ({ name, port: from, address: "127.0.0.1", toPort: port });
  return createOutbound({
    resolver: {
      raw: () => Promise.reject(new Error("none")),
      addresses: () => Promise.reject(new Error("none")),
    },
    limits: { maxHeaderBytes: 4096, maxBodyBytes: 1000 },
    allowNet: [],
    caFiles: [],
    resolve: [
      rule("up.test"),
      rule("other.test"),
      rule("up.test", 8080),
      rule("up.test", 443),
      rule("other.test", 443),
    ],
    ...options,
  });
}

interface Sending {
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly body?: string;
  readonly spend?: () => void;
  readonly signal?: AbortSignal;
  readonly depth?: number;
}

function send(
  outbound: ReturnType<typeof service>,
  url: string,
  { method = "GET", headers = [], body = "", spend = () => {}, signal, depth = 0 }: Sending = {},
) {
  const request = { method, url: new URL(url), headers, body: Buffer.from(body) };
  return outbound
    .forRun({ depth, budget: { left: 1 } })
    .send(request, { signal: signal ?? new AbortController().signal, spend, receive: () => {} });
}

const text = (answer: OutboundResponse) => Buffer.from(answer.body).toString();

describe("localhost", () => {
  it.each([
    ["127.0.0.1", ["127.0.0.0/8"]],
    ["::1", ["::1"]],
    ["::1", ["127.0.0.0/8", "::1"]],
  ])("reaches a server at %s with %j permitted, and no other family", async (host, allowNet) => {
    const { port, server } = await upstream(() => OK);
    await new Promise((resolve) => server.close(resolve));
    server.listen(port, host);
    await once(server, "listening");
    expect(text(await send(service(1, { allowNet }), `http://localhost:${port}/`))).toBe("ok");
  });

  it("is refused where no family is permitted", async () => {
    const { port } = await upstream(() => OK);
    await expect(send(service(1), `http://localhost:${port}/`)).rejects.toThrow("not a public");
  });
});

describe("a request", () => {
  it("has user-agent, accept and host by default", async () => {
    const { port, requests } = await upstream(() => OK);
    const answer = await send(service(port), "http://up.test:8080/a%20b?c#d");
    expect(text(answer)).toBe("ok");
    expect(requests[0]).toMatch(/^GET \/a%20b\?c HTTP\/1\.1\r\nhost: up\.test:8080\r\n/);
    expect(requests[0]).toContain("\r\nuser-agent: terrarium\r\n");
    expect(requests[0]).toContain("\r\naccept: */*\r\n");
  });

  it("carries what the program set instead, each once", async () => {
    const { port, requests } = await upstream(() => OK);
    await send(service(port), "http://up.test/", {
      headers: [
        ["user-agent", "mine"],
        ["accept", "text/plain"],
        ["host", "virtual.test"],
        ["x", "1"],
        ["x", "2"],
      ],
    });
    const lines = (requests[0] ?? "").split("\r\n");
    const of = (name: string) => lines.filter((line) => line.toLowerCase().startsWith(`${name}:`));
    expect([of("user-agent"), of("accept"), of("host"), of("x")]).toEqual([
      ["user-agent: mine"],
      ["accept: text/plain"],
      ["host: virtual.test"],
      ["x: 1", "x: 2"],
    ]);
  });

  it("carries its body with its length, whatever the method", async () => {
    const { port, requests } = await upstream(() => OK);
    await send(service(port), "http://up.test/", { method: "POST", body: "hello" });
    expect(requests[0]).toMatch(/content-length: 5\r\n\r\nhello$/);
    await send(service(port), "http://up.test/", { method: "POST" });
    expect(requests[1]).toContain("content-length: 0\r\n");
  });

  it("with a percent sign in its user information that begins no escape keeps it", async () => {
    const { port, requests } = await upstream(() => OK);
    await send(service(port), "http://us%25er:100%@up.test/");
    expect(requests[0]).toContain(`authorization: Basic ${Buffer.from("us%er:100%").toString("base64")}\r\n`);
  });

  it.each([["localhost"], ["LOCALHOST."], ["a.localhost"]])(
    "reaches %s on ports that are not the platform's",
    async (name) => {
      const { port } = await upstream(() => OK);
      const outbound = service(0, { allowNet: ["127.0.0.0/8"], resolve: [] });
      expect(text(await send(outbound, `http://${name}:${port}/`))).toBe("ok");
    },
  );

  it("to localhost uses IPv6 where only that is allowed", async () => {
    const server = createServer((socket) => socket.on("error", () => {}).end(OK)).listen(0, "::1");
    closing.push(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const outbound = service(0, { allowNet: ["::1"], resolve: [] });
    expect(text(await send(outbound, `http://localhost:${port}/`))).toBe("ok");
  });

  it("follows the operator's rules before the platform's own names", async () => {
    const { port } = await upstream(() => OK);
    const local = { owns: () => true, dispatch: () => Promise.reject(new Error("asked the platform")) };
    const resolve = [{ name: "localhost", port: 3000, address: "127.0.0.1", toPort: port }];
    expect(text(await send(service(0, { local, resolve }), "http://localhost:3000/"))).toBe("ok");
    await expect(send(service(0, { local, resolve }), "http://localhost:3001/")).rejects.toThrow();
  });

  it("knows the names of the hosts file, and the address is checked all the same", async () => {
    const { port } = await upstream(() => OK);
    const folder = mkdtempSync(join(tmpdir(), "terrarium-hosts-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "hosts"), "# names\n127.0.0.1 box Box.Internal # here\nnot an address\n");
    const options = { resolve: [], hosts: createHostsLookup(join(folder, "hosts")) };
    const url = `http://box.internal:${port}/`;
    await expect(send(service(0, options), url)).rejects.toThrow("not a public one");
    expect(text(await send(service(0, { ...options, allowNet: ["127.0.0.1"] }), url))).toBe("ok");
    writeFileSync(join(folder, "hosts"), "127.0.0.1 another-name\n");
    await expect(send(service(0, options), url)).rejects.toThrow("no address");
  });

  it("turns user information in its URL into authorization", async () => {
    const { port, requests } = await upstream(() => OK);
    await send(service(port), "http://us%40er:pw@up.test/");
    expect(requests[0]).toContain(`authorization: Basic ${Buffer.from("us@er:pw").toString("base64")}\r\n`);
    expect(requests[0]).toContain("host: up.test\r\n");
  });

  it.each<[string, HeaderList]>([
    ["a value", [["x", "1\r\nevil: 1"]]],
    ["a name", [["x\r\nevil", "1"]]],
  ])("with a line end in %s never leaves", async (_, headers) => {
    const { port, requests } = await upstream(() => OK);
    await expect(send(service(port), "http://up.test/", { headers })).rejects.toThrow("not valid HTTP");
    expect(requests).toEqual([]);
  });

  it("has its own connection, which is closed afterwards", async () => {
    const up = await upstream(() => OK);
    const outbound = service(up.port);
    const sockets = new Set<unknown>();
    up.server.on("connection", (socket) => sockets.add(socket));
    for (let index = 0; index < 3; index += 1) await send(outbound, "http://up.test/");
    expect(sockets.size).toBe(3);
    while (up.open() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(up.open()).toBe(0);
  });
});

describe("an answer", () => {
  it("keeps all its headers in order, except framing headers", async () => {
    const { port } = await upstream(
      () =>
        "HTTP/1.1 201 Created\r\nSet-Cookie: a=1\r\nTransfer-Encoding: " +
        "chunked\r\nConnection: close\r\nKeep-Alive: x\r\nset-cookie: " +
        "b=2\r\n__proto__: p\r\nX-Latin: \xe9\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    );
    const answer = await send(service(port), "http://up.test/");
    expect(answer.status).toBe(201);
    expect(answer.headers.map(([name]) => name)).toEqual([
      "Set-Cookie",
      "set-cookie",
      "__proto__",
      "X-Latin",
    ]);
    expect(text(answer)).toBe("ok");
  });

  it("loses the headers that its Connection names", async () => {
    const { port } = await upstream(
      () =>
        "HTTP/1.1 200 OK\r\nConnection: x-hop, close\r\nX-Hop: 1\r\nX-End: 2\r\nContent-Length: 2\r\n\r\nok",
    );
    const answer = await send(service(port), "http://up.test/");
    expect(answer.headers).toEqual([
      ["X-End", "2"],
      ["Content-Length", "2"],
    ]);
  });

  it.each([
    [999, true],
    [1000, true],
    [1001, false],
  ])("of %i bytes with 1000 allowed: passes is %s", async (size, passes) => {
    const { port } = await upstream(() => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${"x".repeat(size)}`);
    const answer = send(service(port), "http://up.test/");
    if (passes) expect((await answer).body).toHaveLength(size);
    else await expect(answer).rejects.toThrow("larger than 1000 bytes");
  });

  it("without end stops at the cap, not at the time limit", async () => {
    const endless = createServer((socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const more = () => {
        while (socket.writable && socket.write(Buffer.alloc(1024)));
      };
      socket.on("drain", more);
      more();
    });
    endless.listen(0, "127.0.0.1");
    await once(endless, "listening");
    closing.push(() => endless.close());
    await expect(
      send(service((endless.address() as AddressInfo).port, { totalMs: 2000 }), "http://up.test/"),
    ).rejects.toThrow("larger than 1000 bytes");
  });

  it.each([
    ["gzip", gzipSync("hello")],
    ["x-gzip", gzipSync("hello")],
    ["br", brotliCompressSync("hello")],
    ["deflate", deflateSync("hello")],
    ["deflate", deflateRawSync("hello")],
    ["GZIP", gzipSync("hello")],
    ["br, gzip", gzipSync(brotliCompressSync("hello"))],
    ["identity, gzip", gzipSync("hello")],
  ])("encoded with %s arrives decoded and without content-encoding", async (coding, body) => {
    const { port } = await upstream(() =>
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\nX: y\r\n\r\n`,
        ),
        body,
      ]),
    );
    const answer = await send(service(port), "http://up.test/");
    expect(text(answer)).toBe("hello");
    expect(answer.headers.map(([name]) => name)).toEqual(["X"]);
  });

  it("in an unknown coding arrives as it is, and says so", async () => {
    const { port } = await upstream(
      () => "HTTP/1.1 200 OK\r\nContent-Encoding: snappy\r\nContent-Length: 2\r\n\r\nok",
    );
    const answer = await send(service(port), "http://up.test/");
    expect(answer.headers).toEqual([
      ["Content-Encoding", "snappy"],
      ["Content-Length", "2"],
    ]);
    expect(text(answer)).toBe("ok");
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ] as const)("that is a %s bomb stops at the cap", async (coding, pack) => {
    const bomb = pack(Buffer.alloc(5_000_000));
    await expect(decodeBody([coding], bomb, 1000)).rejects.toMatchObject({ code: "ERR_BUFFER_TOO_LARGE" });
  });

  it("that was encoded more than five times is refused", async () => {
    const layered = (times: number): Uint8Array =>
      Array.from({ length: times }).reduce<Uint8Array>((body) => gzipSync(body), Buffer.from("x"));
    expect(await decodeBody(["gzip, gzip, gzip", "gzip, gzip"], layered(5), 1000)).toEqual(Buffer.from("x"));
    await expect(decodeBody(["gzip, gzip, gzip", "gzip, gzip, gzip"], layered(6), 1000)).rejects.toThrow(
      "encoded 6 times",
    );
    await expect(
      decodeBody([Array.from({ length: 5000 }, () => "br").join(",")], Buffer.from("x"), 1000),
    ).rejects.toThrow("encoded 5000 times");
  });

  it.each([
    ["no HTTP", "SSH-2.0-x\r\n\r\n", "not valid HTTP"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "not valid HTTP"],
    [
      "broken gzip",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
      "cannot be decoded",
    ],
    ["a body that ends early", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "not valid HTTP|lost"],
    [
      "headers without end",
      `HTTP/1.1 200 OK\r\nX: ${"x".repeat(5000)}\r\n\r\n`,
      "headers of the answer are too large",
    ],
  ])("with %s is a failure", async (_, reply, reason) => {
    const { port } = await upstream(() => reply);
    await expect(send(service(port), "http://up.test/")).rejects.toThrow(new RegExp(reason));
  });

  it("that does not come in time is a failure, and the connection is gone", async () => {
    const up = await upstream(() => null);
    await expect(send(service(up.port, { totalMs: 50 }), "http://up.test/")).rejects.toThrow(
      "no complete answer within 0.05 s",
    );
    while (up.open() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it("is waited for no longer than the run", async () => {
    const up = await upstream(() => null);
    const abort = new AbortController();
    const sending = send(service(up.port), "http://up.test/", { signal: abort.signal });
    const failing = expect(sending).rejects.toThrow("the run ended");
    while (up.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await failing;
    while (up.open() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it("from nobody names no address", async () => {
    const { port, server } = await upstream(() => OK);
    server.close();
    await once(server, "close");
    const failure: unknown = await send(service(port), "http://up.test/").catch((error: unknown) => error);
    expect((failure as Error).message).toBe("the connection was refused");
  });
});

describe("redirects", () => {
  const redirect = (status: number, location: string) =>
    `HTTP/1.1 ${status} X\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;

  it("are followed to the end, at most 10, each spending one subrequest", async () => {
    for (const [count, passes] of [
      [10, true],
      [11, false],
    ] as const) {
      let spent = 0;
      const { port } = await upstream((request) => {
        const step = Number(/^GET \/(\d+)/.exec(request)?.[1]);
        return step < count ? redirect(302, `/${step + 1}`) : OK;
      });
      const answer = send(service(port), "http://up.test/0", { spend: () => (spent += 1) });
      if (passes) expect(text(await answer)).toBe("ok");
      else await expect(answer).rejects.toThrow("more than 10 redirects");
      expect(spent).toBe(10);
    }
  });

  it("stop where the budget does", async () => {
    const { port, requests } = await upstream(() => redirect(302, "/"));
    await expect(
      send(service(port), "http://up.test/", {
        spend: () => {
          throw new Error("spent");
        },
      }),
    ).rejects.toThrow("spent");
    expect(requests).toHaveLength(1);
  });

  const request = (method: string, url = "http://up.test/a/b"): OutboundRequest => ({
    method,
    url: new URL(url),
    body: Buffer.from("body"),
    headers: [
      ["Authorization", "a"],
      ["cookie", "c"],
      ["Host", "h"],
      ["content-type", "t"],
      ["x", "1"],
    ],
  });

  it.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [303, "DELETE", "GET"],
    [303, "HEAD", "HEAD"],
    [301, "PUT", "PUT"],
    [302, "DELETE", "DELETE"],
    [307, "POST", "POST"],
    [308, "PUT", "PUT"],
    [301, "GET", "GET"],
  ])("with %i turn %s into %s", (status, method, next) => {
    const followed = followRedirect(request(method), status, [["Location", "../c"]]);
    expect(followed?.method).toBe(next);
    expect(followed?.url.href).toBe("http://up.test/c");
    expect(followed?.body).toHaveLength(next === method ? 4 : 0);
    expect(followed?.headers.some(([name]) => name === "content-type")).toBe(next === method);
    expect(followed?.headers.some(([name]) => name === "Authorization")).toBe(true);
  });

  it.each([
    "http://other.test/",
    "https://up.test/",
    "http://up.test:8080/",
    "//other.test/",
    "http://u:p@other.test/",
  ])("to %s drop what was meant for the first origin alone", (location) => {
    const followed = followRedirect(request("GET"), 302, [["location", location]]);
    expect(followed?.headers).toEqual([
      ["content-type", "t"],
      ["x", "1"],
    ]);
    expect(followed?.url.username).toBe("");
  });

  it("are none with another status or without location", () => {
    for (const status of [200, 201, 300, 304, 305, 399, 404])
      expect(followRedirect(request("GET"), status, [["location", "/"]])).toBeNull();
    expect(followRedirect(request("GET"), 302, [])).toBeNull();
  });

  it.each([
    "ftp://up.test/",
    "file:///etc/passwd",
    "data:,x",
    "javascript:0",
    "http://",
    "http://a b/",
    "http://[::1/",
  ])("to %j are a failure", (location) => {
    expect(() => followRedirect(request("GET"), 302, [["location", location]])).toThrow(
      "not lead to an http",
    );
  });
});

describe("https", () => {
  async function secure(name: string, type: "dns" | "ip" = "dns") {
    const authority = await createAuthority();
    const folder = mkdtempSync(join(tmpdir(), "terrarium-ca-"));
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, authority.cert);
    let serverName: string | false | undefined;
    const server = createHttpsServer(await authority.issue(name, type), (_request, response) =>
      response.end("secure"),
    );
    server.on(
      "secureConnection",
      (socket: { servername?: string | false }) => (serverName = socket.servername),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(
      () => server.close(),
      () => rmSync(folder, { recursive: true }),
    );
    return { port: (server.address() as AddressInfo).port, caFiles: [caFile], serverName: () => serverName };
  }

  it("trusts the operator's authorities, and checks the URL's name wherever a rule leads", async () => {
    const { port, caFiles, serverName } = await secure("up.test");
    expect(text(await send(service(port, { caFiles }), "https://up.test/"))).toBe("secure");
    expect(serverName()).toBe("up.test");
    await expect(send(service(port, { caFiles }), "https://other.test/")).rejects.toThrow(
      "not that of the host",
    );
  });

  it("does not let the program's host header choose the name", async () => {
    const { port, caFiles, serverName } = await secure("up.test");
    expect(
      text(await send(service(port, { caFiles }), "https://up.test/", { headers: [["host", "other.test"]] })),
    ).toBe("secure");
    expect(serverName()).toBe("up.test");
    await expect(
      send(service(port, { caFiles }), "https://other.test/", { headers: [["host", "up.test"]] }),
    ).rejects.toThrow("not that of the host");
  });

  it("refuses authorities that nobody named", async () => {
    const { port } = await secure("up.test");
    await expect(send(service(port), "https://up.test/")).rejects.toThrow("certificate is not trusted");
  });

  it("accepts a certificate for an address, but not one for a name instead", async () => {
    const right = await secure("127.0.0.1", "ip");
    const options = { caFiles: right.caFiles, allowNet: ["127.0.0.0/8"], resolve: [] };
    expect(text(await send(service(right.port, options), `https://127.0.0.1:${right.port}/`))).toBe("secure");
    const wrong = await secure("pinned.invalid");
    await expect(
      send(service(wrong.port, { ...options, caFiles: wrong.caFiles }), `https://127.0.0.1:${wrong.port}/`),
    ).rejects.toThrow("not that of the host");
  });
});

describe("the platform's own names", () => {
  it("are served inside, by the URL alone, with the run's depth", async () => {
    const calls: [OutboundRequest, number][] = [];
    const local = {
      owns: (url: URL) => url.hostname.endsWith(".localhost"),
      dispatch: (request: OutboundRequest, tree: CallTree) => {
        calls.push([request, tree.depth]);
        return Promise.resolve({
          status: 200,
          headers: [
            ["content-encoding", "gzip"],
            ["content-length", "1"],
          ] as const,
          body: gzipSync("inside"),
        });
      },
    };
    const answer = await send(service(1, { local }), "https://a.localhost:7443/x", {
      depth: 3,
      headers: [
        ["host", "b.localhost"],
        ["x", "1"],
      ],
    });
    expect(text(answer)).toBe("inside");
    expect(answer.headers).toEqual([]);
    expect(calls[0]?.[1]).toBe(3);
    expect(calls[0]?.[0].headers.filter(([name]) => name === "host")).toEqual([["host", "a.localhost:7443"]]);
  });

  it("are reached by a redirect too, and their failures reveal nothing", async () => {
    const { port } = await upstream(
      () => "HTTP/1.1 302 X\r\nLocation: http://a.localhost/\r\nContent-Length: 0\r\n\r\n",
    );
    const local = {
      owns: (url: URL) => url.hostname.endsWith(".localhost"),
      dispatch: () => Promise.reject(new Error("/run/edge-1.sock")),
    };
    const failure: unknown = await send(service(port, { local }), "http://up.test/").catch(
      (error: unknown) => error,
    );
    expect((failure as Error).message).toBe("the request failed");
  });
});
