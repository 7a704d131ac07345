// A thousand requests that wait for a slow upstream, and what the others notice of them.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ECHO } from "./echo-program.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { proxying, writeProject } from "./programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "./slow-origin.ts";
import { type Client, inParallel, openClient, type Received } from "./traffic.ts";

const WAITING = 1000;
const IN_FLIGHT = 1010;

const data = temporaryFolder();
const projects = temporaryFolder();
let origin: SlowOrigin;
let platform: Platform;
let [waiting, others]: Client[] = [];
let waitingId = "";
beforeAll(async () => {
  origin = await SlowOrigin.start();
  const args = [
    "--edges",
    "1",
    "--log-level",
    "silent",
    "--resolve",
    origin.resolveRule,
    "--limit",
    `requestsInFlight=${IN_FLIGHT}`,
  ];
  platform = await Platform.start(data.path, args);
  ({ id: waitingId } = await platform.deploy(
    writeProject(join(projects.path, "waiting"), proxying(SLOW_ORIGIN)),
  ));
  const { id } = await platform.deploy(writeProject(join(projects.path, "echo"), ECHO));
  [waiting, others] = [
    openClient(platform, waitingId, "HTTP/1.1", IN_FLIGHT),
    openClient(platform, id, "HTTP/1.1", 8),
  ];
});
afterAll(async () => {
  for (const client of [waiting, others]) client?.close();
  await platform.stop();
  origin.close();
  data[Symbol.dispose]();
  projects[Symbol.dispose]();
});

const get = (client: Client | undefined, path: string): Promise<Received> =>
  client!.send({ method: "GET", path, body: "" });

/**
 * Asks that many times; resolves when all of them wait at the origin. The answers come once it is released.
 */
async function hold(count: number, name: string, held = count): Promise<Promise<Received>[]> {
  const answers = Array.from({ length: count }, (_, index) => get(waiting, `/${name}-${index}`));
  await origin.holds(held);
  return answers;
}

async function expectReleased(answers: readonly Promise<Received>[], name: string): Promise<void> {
  const received = await Promise.all(answers);
  expect(
    received.filter(({ status, body }, index) => status !== 200 || body !== `/${name}-${index}`),
  ).toEqual([]);
}

async function expectFull(): Promise<void> {
  expect(await get(others, "/too-many")).toMatchObject({
    status: 503,
    retryAfter: "1",
    error: "TER_EDGE_BUSY",
  });
}

describe(`${WAITING} requests that wait`, () => {
  test("keep no other request from its answer, and get their own when it comes", async () => {
    const answers = await hold(WAITING, "thousand");
    await inParallel(1000, 8, async (index) => {
      expect(await get(others, `/more-${index}`)).toMatchObject({ status: 200, body: `/more-${index}` });
    });
    expect((await platform.ask("", "/api/v1/server")).status).toBe(200);
    await origin.holds(WAITING);
    origin.release();
    await expectReleased(answers, "thousand");
  });
});

describe("an edge at its request limit", () => {
  test("answers the next with 503 and Retry-After, and afterwards has all its capacity back", async () => {
    for (const round of ["first", "second"]) {
      const answers = await hold(IN_FLIGHT, round);
      await expectFull();
      await expectFull();
      origin.release();
      await expectReleased(answers, round);
      expect(await get(others, "/again")).toMatchObject({ status: 200, body: "/again" });
    }
  });

  test("frees the capacity of clients that went away", async () => {
    const leaving = openClient(platform, waitingId, "HTTP/1.1", IN_FLIGHT);
    const left = Array.from({ length: IN_FLIGHT }, () =>
      get(leaving, "/left").catch((error: Error) => error),
    );
    await origin.holds(IN_FLIGHT);
    await expectFull();
    leaving.close();
    expect((await Promise.all(left)).filter((answer) => !(answer instanceof Error))).toEqual([]);
    // The edge has dropped their subrequests; once it has room for one request, it has room for all.
    await origin.holds(0);
    while ((await get(others, "/")).status === 503);
    const answers = await hold(IN_FLIGHT, "after");
    await expectFull();
    origin.release();
    await expectReleased(answers, "after");
  });
});
