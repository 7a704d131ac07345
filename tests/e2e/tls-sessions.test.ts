// TLS sessions: a client resumes its session at whichever edge the kernel gives it, and at a replaced one.
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerInfo } from "../../src/api/index.ts";
import { Platform, temporaryFolder } from "./platform.ts";

const EDGES = 3;
const folder = temporaryFolder();
let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start(folder.path, ["--edges", String(EDGES)]);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

function open(session?: Buffer): TLSSocket {
  return connect({
    host: "127.0.0.1",
    port: platform.ready.httpsPort ?? 0,
    servername: "localhost",
    rejectUnauthorized: false,
    ...(session === undefined ? {} : { session }),
  });
}

/** A ticket, as the first connection gets it. */
async function begin(): Promise<Buffer> {
  const socket = open().resume();
  const [ticket] = (await once(socket, "session")) as [Buffer];
  socket.destroy();
  return ticket;
}

async function isResumed(ticket: Buffer): Promise<boolean> {
  const socket = open(ticket);
  await once(socket, "secureConnect");
  const resumed = socket.isSessionReused();
  socket.destroy();
  return resumed;
}

test("a session is resumed at every edge", async () => {
  const ticket = await begin();
  const resumed = await Promise.all(Array.from({ length: EDGES * 8 }, () => isResumed(ticket)));
  expect(resumed).toEqual(Array(EDGES * 8).fill(true));
});

test("a session outlives the edge that began it", async () => {
  const ticket = await begin();
  const { edges } = await platform.api<ServerInfo>("/api/v1/server");
  for (const { pid } of edges) process.kill(pid ?? 0, "SIGKILL");
  const pids = async () => {
    const after = await platform.api<ServerInfo>("/api/v1/server");
    return after.edges.filter(({ listening }) => listening).map(({ pid }) => pid);
  };
  await expect
    .poll(async () => (await pids().catch(() => [])).filter((pid) => !edges.some((old) => old.pid === pid)), {
      timeout: 20_000,
    })
    .toHaveLength(EDGES);
  expect(await isResumed(ticket)).toBe(true);
});
