// Failures that once left a platform half dead: each must end in a platform that serves, or in one that has
// exited.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { isProcessAlive } from "../../src/processes/alive.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { answering, writeProject } from "./programs.ts";

interface ServerView {
  readonly edges: readonly { readonly pid: number; readonly listening: boolean }[];
}

const LAUNCHER = join(import.meta.dirname, "../../bin/terrarium.mjs");
/** What the tests wait for takes seconds on an idle machine. */
const PATIENCE = { timeout: 60_000, interval: 100 };

async function edgesOf(platform: Platform): Promise<ServerView["edges"]> {
  const view = await platform.api<ServerView>("/api/v1/server").catch(() => undefined);
  return view?.edges ?? [];
}

async function deployHello(platform: Platform, folder: string): Promise<string> {
  const project = writeProject(join(folder, "hello"), answering("hello"));
  return (await platform.deploy(project, ["--ttl", "never"])).id;
}

test("a frozen edge is replaced", async () => {
  using data = temporaryFolder();
  await using platform = await Platform.start(data.path, ["--edges", "1"]);
  const id = await deployHello(platform, data.path);
  const [edge] = await edgesOf(platform);
  process.kill(edge!.pid, "SIGSTOP");
  await expect.poll(() => isProcessAlive(edge!.pid), PATIENCE).toBe(false);
  await expect.poll(async () => (await platform.ask(id, "/")).text, PATIENCE).toBe("hello");
});

test("a frozen supervisor is replaced", async () => {
  using data = temporaryFolder();
  await using platform = await Platform.start(data.path, ["--edges", "1"]);
  const id = await deployHello(platform, data.path);
  process.kill(platform.ready.pid, "SIGSTOP");
  await platform.readyLine(2);
  expect((await platform.ask(id, "/")).text).toBe("hello");
});

test("a frozen edge whose supervisor is killed does not stay", async () => {
  using data = temporaryFolder();
  await using platform = await Platform.start(data.path, ["--edges", "2"]);
  const id = await deployHello(platform, data.path);
  const [frozen] = await edgesOf(platform);
  process.kill(frozen!.pid, "SIGSTOP");
  // Several die before one lives long enough to end it, and its last heartbeat is long ago.
  for (const nth of [2, 3]) {
    process.kill(platform.ready.pid, "SIGKILL");
    await platform.readyLine(nth);
  }
  await expect.poll(() => isProcessAlive(frozen!.pid), PATIENCE).toBe(false);
  expect((await platform.ask(id, "/")).text).toBe("hello");
});

test("an edge that is killed while a new supervisor starts keeps nothing down", async () => {
  using data = temporaryFolder();
  await using platform = await Platform.start(data.path, ["--edges", "2"]);
  const id = await deployHello(platform, data.path);
  for (let round = 0; round < 4; round++) {
    const starts = platform.starts;
    const before = await edgesOf(platform);
    process.kill(platform.ready.pid, "SIGKILL");
    // The edges of the next supervisor appear while it starts; those of the last one go as well.
    for (const { pid } of before) if (isProcessAlive(pid)) process.kill(pid, "SIGKILL");
    await platform.readyLine(starts + 1);
    const [edge] = await edgesOf(platform);
    if (edge !== undefined) process.kill(edge.pid, "SIGKILL");
    await expect
      .poll(async () => (await edgesOf(platform)).filter(({ listening }) => listening).length, PATIENCE)
      .toBe(2);
    expect((await platform.ask(id, "/")).text).toBe("hello");
  }
});

test("SIGTERM ends a platform whose supervisor is frozen, with all its processes", async () => {
  using data = temporaryFolder();
  const platform = await Platform.start(data.path, ["--edges", "1", "--grace", "1s"]);
  const pids = [platform.ready.pid, ...(await edgesOf(platform)).map(({ pid }) => pid)];
  process.kill(platform.ready.pid, "SIGSTOP");
  await platform.stop();
  // They go with it, and not by and by.
  await expect.poll(() => pids.filter((pid) => isProcessAlive(pid)), { timeout: 3000 }).toEqual([]);
});

test("SIGTERM ends a platform whose supervisor dies meanwhile, with all its processes", async () => {
  using data = temporaryFolder();
  const platform = await Platform.start(data.path, ["--edges", "2", "--grace", "20s"]);
  const pids = [platform.ready.pid, ...(await edgesOf(platform)).map(({ pid }) => pid)];
  process.kill(platform.ready.pid, "SIGSTOP");
  const stopped = platform.stop("SIGTERM");
  process.kill(platform.ready.pid, "SIGKILL");
  await stopped;
  await expect.poll(() => pids.filter((pid) => isProcessAlive(pid)), { timeout: 3000 }).toEqual([]);
});

test("a platform whose output nobody reads any more, and whose log pipe is full, serves on", async () => {
  using data = temporaryFolder();
  const address = ["--listen", "127.0.0.1:0", "--tls", "off"];
  const args = [LAUNCHER, "serve", "--json", ...address, "--log-level", "debug", "--data", data.path];
  const launcher = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [line] = (await once(createInterface({ input: launcher.stdout }), "line")) as [string];
  const { httpPort } = JSON.parse(line) as { httpPort: number };
  launcher.stdout.destroy();
  try {
    // Each request is a line in the log: more than a pipe holds, and nobody reads them.
    const statuses = new Set<number>();
    for (let count = 0; count < 2000; count++) statuses.add(await statusOf(httpPort));
    expect([...statuses]).toEqual([200]);
    launcher.stderr.destroy();
    for (let count = 0; count < 100; count++) expect(await statusOf(httpPort)).toBe(200);
    expect(launcher.exitCode).toBeNull();
  } finally {
    launcher.kill("SIGTERM");
    await once(launcher, "exit");
  }
});

function statusOf(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: "127.0.0.1",
      port,
      path: "/api/v1/limits",
      headers: { host: "localhost" },
    });
    asked.on("error", reject);
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.end();
  });
}
