// Requests that one process of the platform passes to another, and that nobody else can pretend to be.
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { mkdirSync, statSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeploymentId } from "../../src/store/types.ts";
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

async function withControl<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: () => Promise<T>,
): Promise<T> {
  const socket = join(test.dir, "run", "control.sock");
  mkdirSync(dirname(socket), { recursive: true });
  const control: Server = createServer(answer).listen(socket);
  await once(control, "listening");
  try {
    return await use();
  } finally {
    control.closeAllConnections();
    control.close();
    await once(control, "close");
  }
}

describe("the bare domain", () => {
  it("leads to the control API, with the client's address in headers that only an edge can set", async () => {
    const seen: IncomingMessage[] = [];
    const text = await withControl(
      (request, response) => {
        seen.push(request);
        let bytes = 0;
        request.on("data", (chunk: Buffer) => (bytes += chunk.length));
        request.on("end", () =>
          response
            .writeHead(202, { "x-answer": "1", connection: "x-hop", "x-hop": "1" })
            .end(`${request.method} ${request.url} ${bytes}`),
        );
      },
      async () => {
        const body = Buffer.alloc(400_000);
        const headers = {
          "x-terrarium-client": "6.6.6.6",
          "X-Terrarium-Scheme": "gopher",
          "x-terrarium-passed": "{}",
          connection: "x-drop",
          "x-drop": "1",
          "x-keep": "1",
        };
        const http1 = await ask(test, "", "/deploy?x", { method: "POST", body, headers });
        expect([http1.status, http1.headers["x-answer"], http1.headers["x-hop"]]).toEqual([
          202,
          "1",
          undefined,
        ]);
        const session = openHttp2(test, "echo");
        const http2 = await askHttp2(
          session,
          { ":authority": DOMAIN, ":method": "POST", ":path": "/deploy?x" },
          body,
        );
        session.close();
        return [http1.text, http2.text];
      },
    );
    expect(text).toEqual(["POST /deploy?x 400000", "POST /deploy?x 400000"]);
    expect(
      seen.map(({ headers }) => [
        headers["x-terrarium-client"],
        headers["x-terrarium-scheme"],
        headers["x-terrarium-passed"],
        headers["x-drop"],
      ]),
    ).toEqual([
      ["127.0.0.1", "http", undefined, undefined],
      ["127.0.0.1", "https", undefined, undefined],
    ]);
    expect([seen[0]!.headers.host, seen[0]!.headers["x-keep"]]).toEqual([DOMAIN, "1"]);
  });

  it("streams: the client reads what the API writes before it has finished, and ends with it", async () => {
    const gone = Promise.withResolvers<void>();
    await withControl(
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: first\n\n");
        response.on("close", () => gone.resolve());
      },
      async () => {
        const request = httpRequest({
          port: test.edge.httpPort,
          host: "127.0.0.1",
          headers: { host: DOMAIN },
        }).end();
        const [response] = (await once(request, "response")) as [IncomingMessage];
        const [chunk] = (await once(response, "data")) as [Buffer];
        expect(String(chunk)).toBe("data: first\n\n");
        request.destroy();
        await gone.promise;
        await expect.poll(() => test.edge.stats().inFlight).toBe(0);
      },
    );
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
          depth: context.depth,
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
  const askPeer = async (headers: Record<string, string>) => {
    const request = httpRequest({
      socketPath: test.peerSocket,
      headers: { host: `echo.${DOMAIN}`, ...headers },
    }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, text };
  };

  it("can be reached by its owner only", () => {
    expect(statSync(test.peerSocket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(test.peerSocket)).mode & 0o077).toBe(0);
  });

  it("believes what a peer says of client and depth", async () => {
    const passed = (depth: number) => ({
      "x-terrarium-passed": JSON.stringify({ client: "2001:db8::7", scheme: "https", depth }),
    });
    const near = await askPeer(passed(8));
    expect([
      near.status,
      near.text.includes('["fastly-client-ip","2001:db8::7"]'),
      /terrarium-/.test(near.text),
    ]).toEqual([200, true, false]);
    expect((await askPeer(passed(9))).status).toBe(508);
  });

  it("refuses who does not say", async () => {
    expect((await askPeer({})).status).toBe(400);
    expect((await askPeer({ "x-terrarium-passed": "nonsense" })).status).toBe(400);
  });
});
