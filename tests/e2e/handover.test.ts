// Edges that are replaced under load: no request fails, over any protocol, however the edge ends in order.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LimitList } from "../../src/api/index.ts";
import { isProcessAlive } from "../../src/processes/alive.ts";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { answering, writeProject } from "./programs.ts";
import { openClient, type Protocol, PROTOCOLS } from "./traffic.ts";

interface ServerView {
  readonly edges: readonly { readonly name: string; readonly pid: number; readonly listening: boolean }[];
}

const CONNECTIONS = 4;

const data = temporaryFolder();
const projects = temporaryFolder();
let platform: Platform;
let id: string;

beforeAll(async () => {
  platform = await Platform.start(data.path, ["--edges", "2"]);
  ({ id } = await platform.deploy(writeProject(join(projects.path, "hello"), answering("hello")), [
    "--ttl",
    "never",
  ]));
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
  projects[Symbol.dispose]();
});

/** Requests one after the other on each connection until `stop`; answers how many there were, and which failed. */
function keepAsking(protocol: Protocol): { stop(): Promise<{ sent: number; failures: string[] }> } {
  const client = openClient(platform, id, protocol, CONNECTIONS);
  const failures: string[] = [];
  let sent = 0;
  const stopped = new AbortController();
  const ask = async () => {
    while (!stopped.signal.aborted) {
      sent += 1;
      await client.send({ method: "GET", path: "/", body: "" }).then(
        ({ status, body }) => {
          if (status !== 200 || body !== "hello") failures.push(`${status} ${body}`);
        },
        (error: unknown) => failures.push(String(error)),
      );
    }
  };
  const asking = Array.from({ length: CONNECTIONS }, ask);
  return {
    async stop() {
      stopped.abort();
      await Promise.all(asking);
      client.close();
      return { sent, failures };
    },
  };
}

/** Ends one edge after the other, each once its predecessor's successor listens. */
async function replaceAllEdges(): Promise<void> {
  const { edges } = await platform.api<ServerView>("/api/v1/server");
  for (const { pid } of edges) {
    process.kill(pid, "SIGTERM");
    await expect
      .poll(async () => (await platform.api<ServerView>("/api/v1/server")).edges, { timeout: 30_000 })
      .not.toContainEqual(expect.objectContaining({ pid }));
    await expect
      .poll(async () =>
        (await platform.api<ServerView>("/api/v1/server")).edges.filter((edge) => edge.listening),
      )
      .toHaveLength(2);
  }
}

test.each(PROTOCOLS)("no %s request fails while every edge is replaced twice", async (protocol) => {
  const traffic = keepAsking(protocol);
  await replaceAllEdges();
  await replaceAllEdges();
  const { sent, failures } = await traffic.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(CONNECTIONS * 4);
});

test.each(PROTOCOLS)("no %s request fails while the server reloads", async (protocol) => {
  const before = (await platform.api<ServerView>("/api/v1/server")).edges.map(({ pid }) => pid);
  const traffic = keepAsking(protocol);
  const { code, stderr } = await terrarium(["reload", "--server", platform.origin]);
  await expect
    .poll(() => before.some((pid) => isProcessAlive(pid)), { timeout: 30_000, message: "the old edges end" })
    .toBe(false);
  const { sent, failures } = await traffic.stop();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(CONNECTIONS * 4);
});

test("a reload takes up new settings, and changes nothing if they are wrong", async () => {
  const file = join(data.path, "settings.toml");
  writeFileSync(file, 'limit = ["cpuMs=2000"]\n');
  await using other = await Platform.start(join(data.path, "other"), ["--config", file]);
  const cpuMs = async () =>
    (await other.api<LimitList>("/api/v1/limits")).limits.find(({ name }) => name === "cpuMs")?.value;
  writeFileSync(file, 'limit = ["cpuMs=many"]\n');
  const refused = await terrarium(["reload", "--server", other.origin]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("cpuMs");
  expect(await cpuMs()).toBe(2000);
  writeFileSync(file, 'limit = ["cpuMs=3000"]\n');
  expect((await terrarium(["reload", "--server", other.origin])).code).toBe(0);
  expect(await cpuMs()).toBe(3000);
});
