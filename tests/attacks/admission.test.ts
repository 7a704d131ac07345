// One source that takes all it can get, beside others on a public server: they are served, and so is the API.
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { answering, archiveOf, proxying } from "../e2e/programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "../e2e/slow-origin.ts";

const DOMAIN = "edge.example";
const IN_FLIGHT = 64;
/** For a response that should come at once. */
const WAIT_MS = 10_000;
const [GREEDY, OTHER] = ["127.0.0.1", "127.0.0.2"];

const folder = temporaryFolder();
let origin: SlowOrigin;
let platform: Platform;
let waiting: string;
let neighbor: string;

beforeAll(async () => {
  origin = await SlowOrigin.start();
  const args = ["--domain", DOMAIN, "--edges", "1", "--limit", `requestsInFlight=${IN_FLIGHT}`];
  platform = await Platform.start(join(folder.path, "data"), [...args, "--resolve", origin.resolveRule]);
  waiting = await deploy(OTHER, archiveOf(proxying(SLOW_ORIGIN)));
  neighbor = await deploy("127.0.0.3", archiveOf(answering("here")));
});
afterAll(async () => {
  await platform.stop();
  origin.close();
  folder[Symbol.dispose]();
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** A request from an address of this machine; its body is the caller's to send. */
function begin(from: string, host: string, path: string, method = "GET", bytes = 0): ClientRequest {
  return httpRequest({
    host: "127.0.0.1",
    localAddress: from,
    port: platform.ready.httpPort,
    agent: false,
    method,
    path,
    headers: {
      host,
      ...(bytes === 0 ? {} : { "content-length": bytes, "content-type": "application/x-tar" }),
    },
  }).on("error", () => undefined);
}

async function answerOf(request: ClientRequest): Promise<Answer> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"], text };
}

async function ask(from: string, host: string, path = "/"): Promise<Answer> {
  const request = begin(from, host, path);
  request.end();
  return await answerOf(request);
}

async function deploy(from: string, archive: Uint8Array): Promise<string> {
  const request = begin(from, DOMAIN, "/api/v1/deployments", "POST", archive.length);
  request.end(archive);
  const { status, text } = await answerOf(request);
  expect(status, text).toBe(201);
  return (JSON.parse(text) as { deployment: { id: string } }).deployment.id;
}

describe("a source whose requests all wait", () => {
  test("gets half of an edge, then 429; others are served, and so is the API", async () => {
    const host = `${waiting}.${DOMAIN}`;
    const held = Array.from({ length: IN_FLIGHT }, (_, index) => begin(GREEDY, host, `/held-${index}`));
    const answers = held.map((request) => {
      request.end();
      return answerOf(request);
    });
    await origin.holds(IN_FLIGHT / 2);
    expect(await ask(GREEDY, host)).toMatchObject({ status: 429, retryAfter: "1" });
    for (let round = 0; round < 20; round++) {
      expect(await ask(OTHER, `${neighbor}.${DOMAIN}`)).toMatchObject({ status: 200, text: "here" });
      expect(await ask(OTHER, DOMAIN, "/api/v1/server")).toMatchObject({ status: 200 });
      expect(await ask(GREEDY, DOMAIN, "/api/v1/server")).toMatchObject({ status: 200 });
    }
    origin.release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(IN_FLIGHT / 2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(IN_FLIGHT / 2);
  });
});

describe("a source that begins uploads and does not end them", () => {
  test("is refused before it sends anything, and others deploy meanwhile", async () => {
    const uploads = Array.from({ length: 40 }, () =>
      begin(GREEDY, DOMAIN, "/api/v1/deployments", "POST", 30_000_000),
    );
    for (const upload of uploads) upload.flushHeaders();
    const soon = new Promise<null>((resolve) => setTimeout(() => resolve(null), WAIT_MS));
    const statuses = await Promise.all(
      uploads.slice(1).map(async (upload) => (await Promise.race([answerOf(upload), soon]))?.status),
    );
    expect(new Set(statuses)).toEqual(new Set([429]));
    const id = await deploy("127.0.0.4", archiveOf(answering("meanwhile")));
    expect(await ask(OTHER, `${id}.${DOMAIN}`)).toMatchObject({ status: 200, text: "meanwhile" });
    for (const upload of uploads) upload.destroy();
    // Its own turn comes once it has given up the first.
    await expect
      .poll(async () => {
        const request = begin(GREEDY, DOMAIN, "/api/v1/deployments", "POST", 4);
        request.end("none");
        return (await answerOf(request)).status;
      })
      .not.toBe(429);
  });
});
