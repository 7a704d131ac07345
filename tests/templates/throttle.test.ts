// The throttling proxy, deployed as it is, before an origin of this test to which its upstream's name is
// pointed. The window's end needs a clock in the test's hand, so that part runs in this process.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFolder } from "../../src/project/index.ts";
import type { HttpAnswer } from "../http/ask.ts";
import type { Guest } from "../hostcalls/feature.ts";
import { World } from "../hostcalls/world.ts";
import { platformForTests, templateFolder } from "./platform.ts";

/** As `src/config.h` says. */
const FREE_REQUESTS = 20;
const WINDOW_MS = 60_000;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let origin: Server;
const seen: Seen[] = [];

async function startOrigin(): Promise<string> {
  origin = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      response.writeHead(request.method === "POST" ? 201 : 200, [
        "x-reply",
        "one",
        "x-reply",
        "two",
        "content-type",
        "text/origin",
      ]);
      response.end(`from the origin: ${request.url}`);
    });
  });
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  return `upstream.example:80:127.0.0.1:${(origin.address() as AddressInfo).port}`;
}

const platform = platformForTests(async () => ["--resolve", await startOrigin()]);
afterAll(() => {
  origin.closeAllConnections();
  origin.close();
});

function zeroBits(digest: Uint8Array): number {
  const byte = digest.findIndex((value) => value !== 0);
  return byte < 0 ? digest.length * 8 : byte * 8 + Math.clz32(digest[byte]!) - 24;
}

/** The first nonces whose digests begin with just that many zero bits; `missing`: with so many fewer. */
function* solutions(puzzle: string, missing = 0): Generator<string> {
  const [, challenge, bits] = /^sha256 ([0-9a-f]{32}) (\d+)$/.exec(puzzle)!;
  for (let nonce = 0; ; nonce++) {
    const solution = `${challenge}:${nonce.toString(36)}`;
    if (zeroBits(createHash("sha256").update(solution).digest()) === Number(bits) - missing) yield solution;
  }
}
const first = (found: Generator<string>): string => found.next().value as string;

describe("the throttle template", () => {
  let id = "";
  beforeAll(async () => {
    ({ id } = await platform().deploy(templateFolder("throttle")));
  });
  const ask = (headers: Record<string, string> = {}) => platform().ask(id, "/x", { headers });

  it("passes method, path, headers and body on, and the answer back", async () => {
    const headers = {
      "x-own": "a, b",
      "x-forwarded-for": "192.0.2.1",
      "accept-language": "de",
      "user-agent": "test",
    };
    const answer = await platform().ask(id, "/a%20b?q=1&q=2", { method: "POST", body: "the body", headers });
    expect([answer.status, answer.headers["x-reply"], answer.headers["content-type"], answer.text]).toEqual([
      201,
      "one, two",
      "text/origin",
      "from the origin: /a%20b?q=1&q=2",
    ]);
    expect(seen.at(-1)).toMatchObject({ method: "POST", url: "/a%20b?q=1&q=2", body: "the body" });
    // The client's own word about where it comes from does not count.
    expect(seen.at(-1)!.headers).toMatchObject({
      host: "upstream.example",
      "x-own": "a, b",
      "accept-language": "de",
      "user-agent": "test",
      "x-forwarded-for": "127.0.0.1",
    });
  });

  it("responds with 429 and a puzzle after the free requests; a solution pays for as many more", async () => {
    // The clock is the platform's own here: a window that ends in between starts the count again, and then
    // some more requests are free.
    let refused: HttpAnswer | undefined;
    let passed = 1;
    while (refused === undefined) {
      const answer = await ask();
      if (answer.status === 429) refused = answer;
      else expect([answer.status, ++passed <= 2 * FREE_REQUESTS]).toEqual([200, true]);
    }
    expect(refused.headers).toMatchObject({
      "retry-after": "60",
      "cache-control": "no-store",
      "content-type": "text/html; charset=utf-8",
    });
    expect(refused.text).toContain("solving a small puzzle");
    const solution = first(solutions(String(refused.headers["x-puzzle"])));
    for (const headers of [{ "x-puzzle": solution }, { cookie: `puzzle=${solution}` }])
      expect((await ask(headers)).status).toBe(200);
    expect(seen.at(-1)!.headers["x-puzzle"]).toBeUndefined();
  });

  it("answers 502 while the upstream does not", async () => {
    const { id: other } = await platform().deploy(templateFolder("throttle"));
    await new Promise((resolve) => {
      origin.close(resolve);
      origin.closeAllConnections();
    });
    expect((await platform().ask(other, "/")).status).toBe(502);
  });
});

describe("windows of the throttle template", () => {
  let world: World;
  let guest: Guest;
  beforeAll(async () => {
    world = await World.open();
    const files = new Map(await readFolder(templateFolder("throttle")));
    const config = Buffer.from(files.get("src/config.h")!).toString();
    guest = await world.program(
      "throttle",
      files.set("src/config.h", Buffer.from(config.replace("http://upstream.example", world.originUrl))),
    );
  });
  afterAll(() => world.close());

  const ask = (client: string, puzzle?: string, name = "x-puzzle") =>
    guest.ask("/x", {
      headers: [["fastly-client-ip", client], ...(puzzle === undefined ? [] : [[name, puzzle] as const])],
    });
  const header = (answer: Awaited<ReturnType<Guest["ask"]>>, name: string): string =>
    answer.headers.find(([found]) => found === name)![1];
  /** Statuses of that many requests, as counts. */
  async function statuses(count: number, client: string, puzzle?: string): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    for (let request = 0; request < count; request++) {
      const { status, fault } = await ask(client, puzzle);
      expect(fault).toBeNull();
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  it("give each client its free requests, again in each window", async () => {
    expect(await statuses(FREE_REQUESTS + 5, "192.0.2.1")).toEqual({ 200: FREE_REQUESTS, 429: 5 });
    expect(await statuses(FREE_REQUESTS + 1, "192.0.2.2")).toEqual({ 200: FREE_REQUESTS, 429: 1 });
    world.nowMs += WINDOW_MS;
    expect(await statuses(FREE_REQUESTS + 1, "192.0.2.1")).toEqual({ 200: FREE_REQUESTS, 429: 1 });
  });

  it("take a solution for the free number of requests, of its own client, in its own window", async () => {
    world.nowMs += WINDOW_MS;
    const [mine, others] = ["192.0.2.3", "192.0.2.4"];
    await statuses(FREE_REQUESTS, mine);
    await statuses(FREE_REQUESTS, others);
    const found = solutions(header(await ask(mine), "x-puzzle"));
    const solution = first(found);
    expect((await ask(others, solution)).status).toBe(429);
    expect((await ask(mine, first(solutions(header(await ask(mine), "x-puzzle"), 1)))).status).toBe(429);
    expect((await ask(mine, `a=b; puzzle=${solution}; c=d`, "cookie")).status).toBe(200);
    expect(await statuses(FREE_REQUESTS - 4, mine, solution)).toEqual({ 200: FREE_REQUESTS - 4 });
    // From here on two solutions are worth nothing: they are too easy for the next puzzle, which has a bit
    // more.
    const harder = await ask(mine, first(found));
    const [before, after] = [solution, first(solutions(header(harder, "x-puzzle")))];
    expect(header(harder, "x-puzzle")).toMatch(/ 11$/);
    expect((await ask(mine, before)).status).toBe(429);
    expect(await statuses(FREE_REQUESTS + 1, mine, after)).toEqual({ 200: FREE_REQUESTS, 429: 1 });
    world.nowMs += WINDOW_MS;
    await statuses(FREE_REQUESTS, mine);
    expect((await ask(mine, after)).status).toBe(429);
  });

  it("leave nothing behind: the store does not grow with windows, however far apart", async () => {
    const keys = [];
    for (let window = 0; window < 6; window++) {
      world.nowMs += WINDOW_MS * (window % 2 === 0 ? 1 : 7);
      const puzzle = header(await pressed("192.0.2.5"), "x-puzzle");
      expect((await ask("192.0.2.5", first(solutions(puzzle)))).status).toBe(200);
      keys.push((await world.usageOf("throttle")).keys);
    }
    expect(new Set(keys.slice(-2)).size).toBe(1);
    expect(Math.max(...keys)).toBeLessThan(40);
  });

  async function pressed(client: string) {
    await statuses(FREE_REQUESTS, client);
    return ask(client);
  }
});
