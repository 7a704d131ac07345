// Programs, uploads and answers that hold memory while they wait: a source gets its share of an edge's
// memory, others are served, and the platform stays within what it may use.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { processTree } from "../e2e/process-tree.ts";
import { answering, archiveOf, proxying } from "../e2e/programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "../e2e/slow-origin.ts";

const DOMAIN = "edge.example";
const MIB = 2 ** 20;
const MEMORY = 2048 * MIB;
/** As much as a program may have by default, less its own page. */
const PAGES = 1000;
const PROGRAM_BYTES = PAGES * 65_536;
/** Without shares they hold more than the platform may use. */
const ATTACKS = 48;
const [GREEDY, OTHER] = ["127.0.0.1", "127.0.0.2"];

const folder = temporaryFolder();
let origin: SlowOrigin;
let large: Server;
let platform: Platform;
let waiting: string;
let collecting: string;
let neighbor: string;

beforeAll(async () => {
  origin = await SlowOrigin.start();
  large = createServer((_, response) => {
    response.writeHead(200, { "content-length": 10 * MIB });
    response.write(Buffer.alloc(10 * MIB - 1));
  });
  large.listen(0, "127.0.0.1");
  await once(large, "listening");
  const args = ["--domain", DOMAIN, "--edges", "1", "--memory", `${MEMORY}`, "--limit", "cpuMs=5000"];
  const rules = [origin.resolveRule, `large.example:80:127.0.0.1:${(large.address() as AddressInfo).port}`];
  platform = await Platform.start(join(folder.path, "data"), [
    ...args,
    ...rules.flatMap((rule) => ["--resolve", rule]),
  ]);
  waiting = await deploy("127.0.0.3", archiveOf(proxying(SLOW_ORIGIN, { pages: PAGES })));
  collecting = await deploy("127.0.0.3", archiveOf(proxying("large.example")));
  neighbor = await deploy("127.0.0.3", archiveOf(answering("here")));
});
afterAll(async () => {
  await platform.stop();
  origin.close();
  large.closeAllConnections();
  large.close();
  folder[Symbol.dispose]();
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

function begin(from: string, host: string, method = "GET", body: Uint8Array | number = 0) {
  const bytes = typeof body === "number" ? body : body.length;
  const type = { "content-length": bytes, "content-type": "application/x-tar" };
  const request = httpRequest({
    host: "127.0.0.1",
    localAddress: from,
    port: platform.ready.httpPort,
    agent: false,
    method,
    path: method === "POST" && host === DOMAIN ? "/api/v1/deployments" : "/",
    headers: { host, ...(bytes === 0 ? {} : type) },
  }).on("error", () => undefined);
  if (typeof body !== "number") request.end(body);
  else if (bytes === 0) request.end();
  else request.flushHeaders();
  const answer = (async (): Promise<Answer> => {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
    return { status: response.statusCode ?? 0, text };
  })();
  answer.catch(() => undefined);
  return { request, answer };
}

const ask = (from: string, id: string) => begin(from, `${id}.${DOMAIN}`).answer;

async function deploy(from: string, archive: Uint8Array): Promise<string> {
  const { status, text } = await begin(from, DOMAIN, "POST", archive).answer;
  expect(status, text).toBe(201);
  return (JSON.parse(text) as { deployment: { id: string } }).deployment.id;
}

/** Of all processes of the platform; pages that several share count once. */
function usedBytes(): number {
  return processTree(platform.ready.pid).reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

function proportionalBytes(pid: number): number {
  try {
    return Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1]) * 1024;
  } catch {
    return 0;
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Those of the requests that are answered while the others wait; at least `least` of them. */
async function answered(requests: readonly Promise<Answer>[], least: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const cut = () => undefined;
  for (const request of requests) void request.then((answer) => answers.push(answer), cut);
  while (answers.length < least) {
    expect(usedBytes()).toBeLessThan(MEMORY);
    await soon();
  }
  return answers;
}

describe("a source that holds all the memory it can get, and waits", () => {
  test("as programs: gets its share, and programs of that size run for others, small ones too", async () => {
    const attacks = Array.from({ length: ATTACKS }, () => ask(GREEDY, waiting));
    const refused = await answered(attacks, ATTACKS - 8);
    const other = ask(OTHER, waiting);
    for (let round = 0; round < 20; round++)
      expect(await ask(OTHER, neighbor)).toEqual({ status: 200, text: "here" });
    expect(usedBytes()).toBeLessThan(MEMORY);
    for (const { status, text } of refused) {
      expect(status).toBe(503);
      expect(text).toContain("No memory left for this request: your address holds");
    }
    origin.release();
    expect(await other).toEqual({ status: 200, text: "/" });
    const served = (await Promise.all(attacks)).filter(({ status }) => status === 200).length;
    expect(served).toBeGreaterThan(0);
    expect(served * PROGRAM_BYTES).toBeLessThan(MEMORY / 4);
  });

  test("as bodies: is refused before it sends them, and others send theirs", async () => {
    const uploads = Array.from({ length: 64 }, () =>
      begin(GREEDY, `${neighbor}.${DOMAIN}`, "POST", 10 * MIB - 1),
    );
    const refused = await answered(
      uploads.map(({ answer }) => answer),
      32,
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    const { answer } = begin(OTHER, `${neighbor}.${DOMAIN}`, "POST", Buffer.alloc(10 * MIB - 1));
    expect(await answer).toEqual({ status: 200, text: "here" });
    for (const { request } of uploads) request.destroy();
  });

  test("as answers of upstreams: the requests beyond its share fail, and others are served", async () => {
    const attacks = Array.from({ length: 64 }, () => begin(GREEDY, `${collecting}.${DOMAIN}`));
    const failed = await answered(
      attacks.map(({ answer }) => answer),
      32,
    );
    // The program gets -1, and traps.
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([500]));
    expect(await ask(OTHER, neighbor)).toEqual({ status: 200, text: "here" });
    for (const { request } of attacks) request.destroy();
  });
});
