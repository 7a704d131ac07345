// Requests that one process of the platform passes to another, and that nobody else can pretend to be.
import { request as httpRequest, type IncomingMessage } from "node:http";
import { statSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RequestHead } from "../../src/edge/transport/heads.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { askSocket, bytesOf, openControl, sendText, sendToSocket } from "./control-fixture.ts";
import {
  ask,
  askHttp2,
  DOMAIN,
  echo,
  openHttp2,
  respond,
  startTestEdge,
  type TestEdge,
} from "./edge-fixture.ts";

let test: TestEdge;

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("echo", echo);
});
afterAll(() => test[Symbol.asyncDispose]());

const controlSocket = () => join(test.dir, "run", "control.sock");

describe("the bare domain", () => {
  it("leads to the control API, body and all, with the client beside the request and not in it", async () => {
    const seen: RequestHead[] = [];
    await using _control = await openControl(controlSocket(), (request) => {
      seen.push(request.head);
      const { method, target } = request.head;
      void bytesOf(request.body).then((body) =>
        sendText(request, 202, `${method} ${target} ${body.length}`, ["x-answer", "1"]),
      );
    });
    const body = Buffer.alloc(400_000);
    const headers = {
      "x-terrarium-client": "6.6.6.6",
      "x-terrarium-passed": "{}",
      connection: "x-drop",
      "x-drop": "1",
      "x-keep": "1",
    };
    const http1 = await ask(test, "", "/deploy?x", { method: "POST", body, headers });
    expect([http1.status, http1.headers["x-answer"], http1.headers["content-length"]]).toEqual([
      202,
      "1",
      "21",
    ]);
    const session = openHttp2(test, "echo");
    const http2 = await askHttp2(
      session,
      { ":authority": DOMAIN, ":method": "POST", ":path": "/deploy?x" },
      body,
    );
    session.close();
    expect([http1.text, http2.text]).toEqual(["POST /deploy?x 400000", "POST /deploy?x 400000"]);
    expect(seen.map(({ client, authority, bodyBytes }) => [client, authority, bodyBytes])).toEqual([
      [
        { clientAddress: "127.0.0.1", isLocal: true, scheme: "http", depth: 0, callsLeft: null },
        DOMAIN,
        400_000,
      ],
      [
        { clientAddress: "127.0.0.1", isLocal: true, scheme: "https", depth: 0, callsLeft: null },
        DOMAIN,
        null,
      ],
    ]);
    expect(seen[0]!.headers.join(" ")).toContain("x-keep 1");
  });

  it("streams what the API writes, before it has finished, for as long as the client is there", async () => {
    const gone = Promise.withResolvers<void>();
    await using _control = await openControl(controlSocket(), (request) => {
      const headers = ["content-type", "text/event-stream"];
      request.open({ status: 200, headers, bodyBytes: null, contentLength: null }).write("data: first\n\n");
      request.onGone(() => gone.resolve());
    });
    const request = httpRequest({ port: test.edge.httpPort, host: "127.0.0.1", headers: { host: DOMAIN } });
    const [response] = (await once(request.end(), "response")) as [IncomingMessage];
    const [chunk] = (await once(response, "data")) as [Buffer];
    expect(String(chunk)).toBe("data: first\n\n");
    request.destroy();
    await gone.promise;
    await expect.poll(() => test.edge.stats().inFlight).toBe(0);
  });

  it("answers before it has read a large body, and the client gets the answer", async () => {
    await using _control = await openControl(controlSocket(), (request) =>
      sendText(request, 413, "too large"),
    );
    const answer = await ask(test, "", "/deploy", { method: "POST", body: Buffer.alloc(8_000_000) });
    expect([answer.status, answer.text]).toEqual([413, "too large"]);
  });

  it("cuts off a response that ends early, and notices a client that leaves in its body", async () => {
    const gone = Promise.withResolvers<void>();
    await using _control = await openControl(controlSocket(), (request) => {
      if (request.head.method === "GET") {
        const head = { status: 200, headers: [], bodyBytes: 10, contentLength: 10 };
        request.open(head).write("half", () => request.destroy());
      } else request.body.on("error", () => gone.resolve()).resume();
    });
    await expect(ask(test, "")).rejects.toThrow("aborted");
    const half = httpRequest({
      port: test.edge.httpPort,
      host: "127.0.0.1",
      method: "POST",
      headers: { host: DOMAIN, "content-length": "1000" },
    });
    half.on("error", () => undefined);
    half.write("half", () => half.destroy());
    await gone.promise;
  });

  it("reach a control API that comes back soon", async () => {
    const answer = ask(test, "");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await using _control = await openControl(controlSocket(), (received) => sendText(received, 200, "back"));
    expect(await answer).toMatchObject({ status: 200, text: "back" });
  });

  it("answers 503 while there is no control API", async () => {
    const answer = await ask(test, "");
    expect([answer.status, answer.headers["x-terrarium-error"], answer.headers["retry-after"]]).toEqual([
      503,
      "TER_EDGE_CONTROL_UNREACHABLE",
      "1",
    ]);
  });
});

describe("a deployment that runs on another edge", () => {
  it("is served from there, with client, depth and body intact", async () => {
    await using other = await startTestEdge();
    await other.deploy("moved", (request, context) => {
      const { headers, path, body } = request;
      return respond(
        201,
        JSON.stringify({
          path,
          body: body.byteLength,
          depth: context.tree.depth,
          client: headers.filter(([name]) => /client-ip|terrarium/i.test(name)),
        }),
      );
    });
    await test.deploy("moved", () => respond(500, "runs here"));
    test.edge.route("moved" as DeploymentId, other.peerSocket);
    const answer = await ask(test, "moved", "/p?q", {
      method: "PUT",
      body: Buffer.alloc(100_000),
      headers: { "x-terrarium-passed": '{"client":"6.6.6.6"}', "fastly-client-ip": "6.6.6.6" },
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.text)).toEqual({
      path: "/p?q",
      body: 100_000,
      depth: 0,
      client: [
        ["fastly-client-ip", "127.0.0.1"],
        ["x-fastly-client-ip", "127.0.0.1"],
      ],
    });
    expect((await ask(test, "moved", "/", { method: "HEAD" })).status).toBe(201);
  });

  it("tells what the run took there to who asks for it, and to nobody else", async () => {
    await using other = await startTestEdge();
    const usage = { wallMs: 3, cpuMs: 1.5 };
    await other.deploy("timed", ({ headers }) => ({ ...respond(200, JSON.stringify(headers)), usage }));
    await test.deploy("timed", () => ({ ...respond(500, "runs here"), usage: { wallMs: 0, cpuMs: 0 } }));
    test.edge.route("timed" as DeploymentId, other.peerSocket);
    const asked = await ask(test, "timed", "/", { headers: { "x-terrarium-timing": "1" } });
    expect([asked.status, asked.headers["server-timing"]]).toEqual([200, "run;dur=3.000, cpu;dur=1.500"]);
    expect(asked.text).not.toContain("x-terrarium-timing");
    expect((await ask(test, "timed")).headers["server-timing"]).toBeUndefined();
  });

  it("answers 503 if that edge is gone", async () => {
    await test.deploy("lost", echo);
    test.edge.route("lost" as DeploymentId, join(test.dir, "nobody.sock"));
    expect((await ask(test, "lost")).headers["x-terrarium-error"]).toBe("TER_EDGE_PEER_UNREACHABLE");
  });
});

describe("the socket for peers", () => {
  const passed = (depth: number): RequestHead => ({
    method: "GET",
    target: "/",
    authority: `echo.${DOMAIN}`,
    headers: ["x-terrarium-client", "6.6.6.6"],
    bodyBytes: 0,
    client: { clientAddress: "2001:db8::7", isLocal: false, scheme: "https", depth, callsLeft: null },
  });

  it("can be reached by its owner only", () => {
    expect(statSync(test.peerSocket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(test.peerSocket)).mode & 0o077).toBe(0);
  });

  it("believes what a peer says of client and depth", async () => {
    const near = await askSocket(test.peerSocket, passed(8));
    expect([
      near?.head.status,
      near?.text.includes('["fastly-client-ip","2001:db8::7"]'),
      /terrarium-/.test(near?.text ?? ""),
    ]).toEqual([200, true, false]);
    expect((await askSocket(test.peerSocket, passed(9)))?.head.status).toBe(508);
  });

  it("gives no answer to who does not say whose request it is, or says what is not so", async () => {
    expect(await askSocket(test.peerSocket, { ...passed(0), client: null })).toBeUndefined();
    const wrong = {
      ...passed(0),
      client: { clientAddress: "::1", isLocal: true, scheme: "https", depth: -1000, callsLeft: null },
    } as const;
    expect(await askSocket(test.peerSocket, wrong)).toBeUndefined();
    expect(await askSocket(test.peerSocket, { ...passed(0), target: "/ HTTP/1.1" })).toBeUndefined();
    expect(await askSocket(test.peerSocket, { ...passed(0), headers: ["x", "a\r\nb"] })).toBeUndefined();
  });

  it("takes no HTTP", async () => {
    const request = `GET / HTTP/1.1\r\nhost: echo.${DOMAIN}\r\n\r\n`;
    expect(String(await sendToSocket(test.peerSocket, Buffer.from(request)))).toBe("");
  });
});
