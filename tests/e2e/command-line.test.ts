// The command against a real server: output for people and machines, exit codes, stores and logs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";
import { answering, archiveOf, LOGGING_AND_KEEPING, writeProject } from "./programs.ts";

const data = temporaryFolder();
const projects = temporaryFolder();
const hello = writeProject(join(projects.path, "hello"), answering("hello"));
const keeping = writeProject(join(projects.path, "keeping"), LOGGING_AND_KEEPING);
let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(data.path, ["--max-ttl", "2h"]);
});
afterAll(async () => {
  await platform.stop();
  data[Symbol.dispose]();
  projects[Symbol.dispose]();
});
const run = (args: readonly string[], input?: string) =>
  terrarium([...args, "--server", platform.origin], input === undefined ? {} : { input });

describe("terrarium deploy", () => {
  test("prints the URL alone on stdout, and the phases with their times on stderr", async () => {
    const { code, stdout, stderr } = await run(["deploy", hello]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/[a-z]+(-[a-z]+){3}\.localhost:\d+\/\n$/);
    for (const phase of ["compiled", "checked the module", "generated machine code", "answers"])
      expect(stderr).toMatch(new RegExp(`${phase}\\s+[\\d.]+ m?s`));
  });

  test("prints one JSON object on stdout under --json", async () => {
    const { stdout } = await run(["deploy", hello, "--json", "--name", "greeting"]);
    expect(JSON.parse(stdout)).toMatchObject({
      phase: "live",
      name: "greeting",
      language: "wat",
      token: expect.stringMatching(/^[\w-]{32}$/) as unknown,
    });
  });

  test.each<[string, Parameters<typeof writeProject>[1], number, RegExp]>([
    [
      "3 and the source location for a program that does not compile",
      { "src/main.wat": "(module\n  (oops))" },
      3,
      /main\.wat:2:/,
    ],
    ["3 for a module that the platform does not take", { "src/main.wat": "(module)" }, 3, /run/],
    ["3 for a project without an entry", { "notes.txt": "x" }, 3, /entry/],
  ])("ends with %s", async (name, sources, exitCode, reason) => {
    const { code, stdout, stderr } = await run([
      "deploy",
      writeProject(join(projects.path, name.replace(/\W/g, "-")), sources),
    ]);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
    expect(stderr).toMatch(reason);
  });

  test(
    "ends with 2 for a folder that is not there, 4 for a time " +
      "to live beyond the server's, 5 without a server",
    async () => {
      expect((await run(["deploy", join(projects.path, "nowhere")])).code).toBe(2);
      const tooLong = await run(["deploy", hello, "--ttl", "never"]);
      expect(tooLong.code).toBe(4);
      expect(tooLong.stderr).toMatch(/2h/);
      const noServer = await terrarium(["deploy", hello, "--server", "http://127.0.0.1:1"]);
      expect(noServer.code).toBe(5);
      expect(noServer.stderr).toMatch(/terrarium serve/);
    },
  );
});

describe("the command", () => {
  test.each([
    [["depoy"], 2, /deploy/],
    [["deploy", "--tll", "5m"], 2, /--ttl/],
    [["show", "abandon-ability-able-about"], 6, /does not exist, or has expired\. List/],
    [["logs", "abandon-ability-able-about"], 6, /does not exist, or has expired\. List/],
    [["kv", "get", "abandon-ability-able-about", "k"], 6, /does not exist, or has expired\. List/],
    [["delete"], 2, /--all/],
    [["delete", "--all"], 2, /--yes/],
    [["new", "x", "--template", "nope"], 6, /terrarium templates/],
  ])("answers %j with exit code %i and the way out", async (args, exitCode, reason) => {
    const server = args[0] === "depoy" || args[0] === "new" ? [] : ["--server", platform.origin];
    await terrarium(["deploy", hello, "--server", platform.origin]);
    const { code, stderr } = await terrarium([...args, ...server], { cwd: projects.path });
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(reason);
  });

  test("says errors as JSON on stdout under --json", async () => {
    const { stdout } = await run(["show", "abandon-ability-able-about", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "TER_NOT_FOUND",
        message: 'Deployment "abandon-ability-able-about" does not exist, or has expired',
        fix: "List deployments with `terrarium list`, or deploy again",
        details: { id: "abandon-ability-able-about" },
        exitCode: 6,
      },
    });
  });
});

describe("logs and kv", () => {
  test("show what the program said and kept, and change it, byte for byte", async () => {
    const { id } = await platform.deploy(keeping);
    await platform.ask(id, "/");
    const lines: { text: string }[] = [];
    for await (const event of platform.stream<{ text: string; source: string }>(
      `/api/v1/deployments/${id}/logs?follow=1`,
    )) {
      lines.push(event);
      if (event.source === "debug") break;
    }
    expect(lines.at(-1)?.text).toBe("line of the program");
    expect((await run(["logs", id])).stdout).toContain("line of the program");
    const filtered = async (...args: string[]) => (await run(["logs", id, ...args])).stdout;
    expect(await filtered("--grep", "^line .f", "--source", "debug")).toContain("line of the program");
    expect(await filtered("--grep", "^of")).toBe("");
    expect(await filtered("--source", "stdout", "fault")).toBe("");
    expect((await run(["logs", id, "--grep", "("])).code).toBe(2);
    expect((await run(["kv", "get", id, "k"])).stdout).toBe("v");
    const binary = Buffer.from([0, 255, 10, 13, 47]);
    const key = Buffer.from([255, 0, 47]).toString("base64url");
    const put = await platform.ask("", `/api/v1/deployments/${id}/kv/${key}?encoding=base64url`, {
      method: "PUT",
      body: binary,
    });
    expect(put.status).toBe(201);
    expect((await platform.ask("", `/api/v1/deployments/${id}/kv/%ff%00%2f`)).body).toEqual(binary);
    const listed = JSON.parse((await run(["kv", "list", id, "--json"])).stdout) as {
      key: string;
      sizeBytes: number;
    }[];
    expect(listed).toEqual([
      { key: Buffer.from("k").toString("base64url"), text: "k", sizeBytes: 1 },
      { key, text: null, sizeBytes: 5 },
    ]);
    expect((await run(["kv", "delete", id, key, "--base64url"])).code).toBe(0);
    expect((await platform.ask("", `/api/v1/deployments/${id}/kv/%ff%00%2f`)).status).toBe(404);
    expect((await run(["kv", "put", id, "from stdin"], "piped")).code).toBe(0);
    expect((await run(["kv", "get", id, "from stdin"])).stdout).toBe("piped");
  });
});

test("open prints the address, and hands it to the browser", async () => {
  const { id, url } = await platform.deploy(hello);
  const opened = join(projects.path, "opened");
  const opener = `#!/bin/sh\nprintf %s "$1" > ${opened}.draft && mv ${opened}.draft ${opened}\n`;
  for (const name of ["xdg-open", "open"]) writeFileSync(join(projects.path, name), opener, { mode: 0o755 });
  const env = { PATH: `${projects.path}:${process.env["PATH"]}` };
  const { stdout } = await terrarium(["open", id, "--server", platform.origin], { env });
  expect(stdout).toBe(`${url}\n`);
  await expect.poll(() => existsSync(opened) && readFileSync(opened, "utf8")).toBe(url);
});

describe("the API", () => {
  test("describes itself: every operation has an id of its own and each path answers", async () => {
    const document = await platform.api<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    }>("/api/v1/openapi.json");
    expect(document.openapi).toBe("3.1.0");
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(["deploy", "listDeployments", "readLogs", "putValue", "showTemplate"]),
    );
  });

  test("streams a failed deploy to its end, with the source location of each error", async () => {
    const options = {
      method: "POST",
      body: archiveOf({ "src/main.wat": "(module\n  (oops))" }),
      headers: { "content-type": "application/x-tar", accept: "application/x-ndjson" },
    };
    const events = (await platform.ask("", "/api/v1/deployments", options)).text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; diagnostics?: unknown[] });
    expect(events[0]).toMatchObject({ event: "accepted" });
    expect(events.at(-1)).toMatchObject({
      event: "failed",
      problem: { code: "TER_BUILD_FAILED" },
      diagnostics: [{ severity: "error", file: "src/main.wat", line: 2 }],
    });
  });

  test.each([
    ["/api/v1/nothing", "GET", 404],
    ["/api/v1/limits", "DELETE", 405],
    ["/api/v1/deployments/abandon-ability-able-about?x=1", "GET", 400],
    ["/api/v1/deployments/..%2f..%2fetc", "GET", 404],
    ["/api/v1/templates/..", "GET", 404],
  ])("answers %s by %s with %i and a problem", async (path, method, status) => {
    const answer = await platform.ask("", path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    const problem = JSON.parse(answer.text) as Record<string, string>;
    expect(problem).toMatchObject({
      type: `urn:terrarium:error:${problem["code"]}`,
      title: expect.stringMatching(/^[A-Z"`]/) as unknown,
      status,
      code: expect.stringMatching(/^TER_/) as unknown,
      fix: expect.stringMatching(/^[A-Z`]/) as unknown,
      details: expect.any(Object) as unknown,
    });
  });

  test("carries its security headers on every answer", async () => {
    for (const path of [
      "/",
      "/api/v1/limits",
      "/api/v1/nothing",
      "/status/abandon-ability-able-about",
      "/ca.pem",
    ]) {
      const { headers } = await platform.ask("", path);
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'") as unknown,
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  test.each([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://evil.example" },
    { origin: "null" },
  ])("refuses a page that sends %j", async (headers) => {
    const answer = await platform.ask("", "/api/v1/deployments", {
      headers: headers as Record<string, string>,
    });
    expect(answer.status).toBe(403);
  });

  test("parses a megabyte of colliding keys without stalling", async () => {
    const keys = Array.from(
      { length: 60_000 },
      (_, index) => `"${(index * 4_294_967_296).toString()}":0`,
    ).join(",");
    const startedMs = performance.now();
    const answer = await platform.ask("", "/deploy", { method: "POST", body: `{${keys}}` });
    expect(answer.status).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});

describe("a server that others can reach", () => {
  const open = temporaryFolder();
  let server: Platform;
  beforeAll(async () => {
    server = await Platform.start(open.path, [
      "--listen",
      "0.0.0.0:0",
      "--listen-tls",
      "0.0.0.0:0",
      "--deploy-token",
      "let-me-deploy-please",
    ]);
  });
  afterAll(async () => {
    await server.stop();
    open[Symbol.dispose]();
  });
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  test("takes deploys with its token only, and lets each tenant see its own", async () => {
    expect(
      (await terrarium(["deploy", hello, "--server", server.origin, "--token", "wrong-wrong-wrong"])).code,
    ).toBe(4);
    const first = await server.deploy(hello, ["--token", "let-me-deploy-please"]);
    const second = await server.deploy(hello, ["--token", "let-me-deploy-please"]);
    const own = await server.ask("", `/api/v1/deployments/${first.id}`, bearer(first.token));
    const others = await server.ask("", `/api/v1/deployments/${second.id}`, bearer(first.token));
    const unknown = await server.ask(
      "",
      "/api/v1/deployments/abandon-ability-able-about",
      bearer(first.token),
    );
    expect([own.status, others.status, unknown.status]).toEqual([200, 404, 404]);
    expect(others.text.replace(new RegExp(second.id, "g"), "ID")).toBe(
      unknown.text.replace(/abandon-ability-able-about/g, "ID"),
    );
    for (const path of ["", "/logs", "/kv"])
      expect((await server.ask("", `/api/v1/deployments/${first.id}${path}`)).status).toBe(401);
    expect(
      (await server.ask("", `/api/v1/deployments/${second.id}`, { method: "DELETE", ...bearer(first.token) }))
        .status,
    ).toBe(404);
    expect((await server.ask("", "/api/v1/deployments", bearer(first.token))).status).toBe(401);
  });
});
