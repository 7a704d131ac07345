// How deployments live and end, and what survives the death of any process.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { answering, LOGGING_AND_KEEPING, SPINNING, writeProject } from "./programs.ts";
import { isProcessAlive } from "../../src/processes/alive.ts";

interface ServerView {
  readonly edges: readonly { readonly name: string; readonly pid: number; readonly listening: boolean }[];
}

/** The promise is one second on an idle machine; a machine that also runs the tests gets more. */
const BACK_WITHIN_MS = 10_000;

describe("a deployment", () => {
  const data = temporaryFolder();
  const projects = temporaryFolder();
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start(data.path, ["--edges", "2"]);
    writeProject(join(projects.path, "hello"), answering("hello"));
    writeProject(join(projects.path, "keeping"), LOGGING_AND_KEEPING);
  });
  afterAll(async () => {
    await platform.stop();
    data[Symbol.dispose]();
    projects[Symbol.dispose]();
  });

  test("is gone within a second of its expiry: service, record and log", async () => {
    const { id } = await platform.deploy(join(projects.path, "hello"), ["--ttl", "1s"]);
    const { deployment } = await platform.api<{ deployment: { expiresAt: string } }>(
      `/api/v1/deployments/${id}`,
    );
    const events: object[] = [];
    for await (const event of platform.stream<object>(`/api/v1/deployments/${id}/logs?follow=1`))
      events.push(event);
    const goneAtMs = Date.now();
    expect(events.at(-1)).toEqual({ gone: id });
    expect(goneAtMs - Date.parse(deployment.expiresAt)).toBeGreaterThanOrEqual(0);
    expect(goneAtMs - Date.parse(deployment.expiresAt)).toBeLessThan(1000);
    expect((await platform.ask(id, "/")).status).toBe(404);
    expect((await platform.ask("", `/api/v1/deployments/${id}`)).status).toBe(404);
    expect((await platform.ask("", `/api/v1/deployments/${id}/logs`)).status).toBe(404);
  });

  test("lives on when it is extended", async () => {
    const { id } = await platform.deploy(join(projects.path, "hello"), ["--ttl", "2s"]);
    const { deployment: before } = await platform.api<{ deployment: { expiresAt: string } }>(
      `/api/v1/deployments/${id}`,
    );
    const { code } = await terrarium(["extend", id, "--ttl", "1h", "--server", platform.origin]);
    expect(code).toBe(0);
    const { deployment } = await platform.api<{ deployment: { expiresAt: string } }>(
      `/api/v1/deployments/${id}`,
    );
    expect(Date.parse(deployment.expiresAt) - Date.parse(before.expiresAt)).toBeGreaterThan(3_500_000);
    // Another one whose life ends after the first's would have: when it is gone, the first must still serve.
    const { id: other } = await platform.deploy(join(projects.path, "hello"), ["--ttl", "2s"]);
    for await (const _ of platform.stream(`/api/v1/deployments/${other}/logs?follow=1`));
    expect((await platform.ask(id, "/")).text).toBe("hello");
  });

  test("is gone at once when it is deleted, and its name is not found again", async () => {
    const { id } = await platform.deploy(join(projects.path, "keeping"));
    expect((await platform.ask(id, "/")).status).toBe(200);
    expect((await terrarium(["delete", id, "--server", platform.origin])).code).toBe(0);
    for (let request = 0; request < 8; request++) expect((await platform.ask(id, "/")).status).toBe(404);
    expect((await terrarium(["show", id, "--server", platform.origin])).code).toBe(6);
    expect((await terrarium(["delete", id, "--server", platform.origin])).code).toBe(6);
  });

  test("serves on when an edge is killed, and the edge comes back", async () => {
    const { id } = await platform.deploy(join(projects.path, "hello"), ["--ttl", "never"]);
    const [victim] = (await platform.api<ServerView>("/api/v1/server")).edges;
    process.kill(victim!.pid, "SIGKILL");
    const killedAtMs = performance.now();
    for (;;) {
      const { edges } = await platform
        .api<ServerView>("/api/v1/server")
        .catch(() => ({ edges: [] }) as ServerView);
      if (edges.length === 2 && edges.every(({ listening, pid }) => listening && pid !== victim!.pid)) break;
    }
    expect(performance.now() - killedAtMs).toBeLessThan(BACK_WITHIN_MS);
    expect((await platform.ask(id, "/")).text).toBe("hello");
  });

  test("survives kill -9 of the supervisor, with its store, at the same address", async () => {
    const { id } = await platform.deploy(join(projects.path, "keeping"), ["--ttl", "never"]);
    await platform.ask(id, "/");
    const before = platform.ready;
    process.kill(before.pid, "SIGKILL");
    const killedAtMs = performance.now();
    // Edges outlive their supervisor: requests are answered while there is none.
    const meanwhile = await platform.ask(id, "/");
    const after = await platform.readyLine(2);
    expect(performance.now() - killedAtMs).toBeLessThan(BACK_WITHIN_MS);
    expect(meanwhile.status).toBe(200);
    expect(after.pid).not.toBe(before.pid);
    expect(after.httpPort).toBe(before.httpPort);
    expect((await platform.ask(id, "/")).status).toBe(200);
    expect((await platform.ask("", `/api/v1/deployments/${id}/kv/k`)).text).toBe("v");
  });
});

describe("the platform", () => {
  test("ends a program that never returns with a fault, and serves its neighbour", async () => {
    using data = temporaryFolder();
    using projects = temporaryFolder();
    await using platform = await Platform.start(data.path, ["--limit", "cpuMs=300", "--edges", "1"]);
    const spinning = await platform.deploy(writeProject(join(projects.path, "spinning"), SPINNING));
    const { id } = await platform.deploy(writeProject(join(projects.path, "hello"), answering("hello")));
    const runaway = platform.ask(spinning.id, "/");
    expect((await platform.ask(id, "/")).text).toBe("hello");
    const { status, text } = await runaway;
    expect(status).toBe(500);
    expect(text).toMatch(/limit/);
  });

  test("ends cleanly at Ctrl-C, leaves no process, and starts again with what is permanent", async () => {
    using data = temporaryFolder();
    using projects = temporaryFolder();
    const project = writeProject(projects.path, answering("still here"));
    const first = await Platform.start(data.path);
    const { id } = await first.deploy(project, ["--ttl", "never"]);
    const { edges } = await first.api<ServerView>("/api/v1/server");
    const pids = [first.ready.pid, ...edges.map(({ pid }) => pid)];
    expect(await first.stop("SIGINT")).toBe(0);
    expect(pids.filter(isProcessAlive)).toEqual([]);
    await using second = await Platform.start(data.path);
    expect((await second.ask(id, "/")).text).toBe("still here");
  });

  test("ends with its edges when the launcher is killed", async () => {
    using data = temporaryFolder();
    const platform = await Platform.start(data.path);
    const { edges } = await platform.api<ServerView>("/api/v1/server");
    await platform.stop("SIGKILL");
    const pids = [platform.ready.pid, ...edges.map(({ pid }) => pid)];
    await expect.poll(() => pids.filter(isProcessAlive), { timeout: 15_000 }).toEqual([]);
  });

  test("does not start twice on one data directory", async () => {
    using data = temporaryFolder();
    await using _first = await Platform.start(data.path);
    const { code, stderr } = await terrarium([
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--listen-tls",
      "127.0.0.1:0",
      "--data",
      data.path,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(data.path);
  });

  test("says which port is in use, and ends with 1", async () => {
    using data = temporaryFolder();
    using other = temporaryFolder();
    await using first = await Platform.start(data.path);
    const { code, stderr } = await terrarium([
      "serve",
      "--listen",
      `127.0.0.1:${first.ready.httpPort}`,
      "--tls",
      "off",
      "--data",
      other.path,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${first.ready.httpPort}: another program uses it\\. .*--listen`),
    );
  });

  test("refuses a data directory of a newer format, with a message", async () => {
    using data = temporaryFolder();
    await (await Platform.start(data.path)).stop();
    raiseFormat(data.path);
    const { code, stderr } = await terrarium([
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--tls",
      "off",
      "--data",
      data.path,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/has format \d+; this version reads up to format \d+\. Start /);
  });

  test("keeps the operator's token to its owner", async () => {
    using data = temporaryFolder();
    await using _platform = await Platform.start(data.path);
    const token = readFileSync(join(data.path, "operator-token"), "utf8").trim();
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(statSync(join(data.path, "operator-token")).mode & 0o777).toBe(0o600);
  });
});

function raiseFormat(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, "terrarium.db"));
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  database.exec(`PRAGMA user_version = ${version + 1}`);
  database.close();
}
