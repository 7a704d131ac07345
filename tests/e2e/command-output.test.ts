// What the command prints: a compiler's text whole and once, the phase that failed, keys in one notation, and
// what an interrupted deploy comes to.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answering, writeProject } from "./programs.ts";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/terrarium.mjs");
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
let platform: Platform;

const run = (...args: readonly string[]) => terrarium([...args, "--server", platform.origin]);

beforeAll(async () => {
  writeProject(at("hello"), answering("hello"));
  writeProject(at("broken"), {
    "src/main.c": "void run(void) { int x = nonsense_one; return nonsense_two; }\n",
  });
  // What clang needs a second for.
  const functions = Array.from({ length: 20_000 }, (_, n) => `int f${n}(int a) { return a * ${n}; }`);
  writeProject(at("slow"), { "src/main.c": `${functions.join("\n")}\nvoid run(void) {}\n` });
  platform = await Platform.start(at("data"));
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

describe("a C program that does not compile", () => {
  const DIAGNOSTIC = /^src\/main\.c:1:26: error: use of undeclared identifier 'nonsense_one'$/gm;

  test("is told by deploy once, in whole lines, with the phase that failed", async () => {
    const { code, stderr } = await run("deploy", at("broken"));
    expect([code, stderr.match(DIAGNOSTIC)?.length]).toEqual([3, 1]);
    expect(stderr).toMatch(/^ {2}✗ compiling failed +[\d.]+ m?s$/m);
    expect(stderr).not.toContain("✓ compiled");
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^error: Build failed\. /);
  });

  test.each(["build", "check"])("is told by %s once, in whole lines", async (command) => {
    const { code, stderr } = await terrarium([command, at("broken")], { cwd: folder.path });
    expect([code, stderr.match(DIAGNOSTIC)?.length]).toEqual([3, 1]);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^error: Build failed\. /);
  });
});

test("every key is reached by every command in the notation in which it is listed", async () => {
  const { id } = await platform.deploy(at("hello"));
  const keys = [
    "..",
    ".",
    "a/b",
    "a b",
    "größe",
    "k".repeat(900),
    "base64url:",
    "base64url:YQpi",
    "base64url:_wA",
  ];
  for (const [index, key] of keys.entries())
    expect(await run("kv", "put", id, key, `value ${index}`)).toMatchObject({ code: 0, stderr: "" });
  const { stdout } = await run("kv", "list", id);
  const rows = stdout.trimEnd().split("\n").slice(1);
  const listed = rows.map((row) => row.replace(/^\d+ +/, ""));
  expect(listed.toSorted()).toEqual(keys.toSorted());
  const others = rows.filter((row) => !row.endsWith("k".repeat(900)));
  expect(Math.max(...others.map((row) => row.length))).toBeLessThan(40);
  for (const [index, key] of keys.entries()) {
    expect((await run("kv", "get", id, key)).stdout).toBe(`value ${index}`);
    expect((await run("kv", "delete", id, key)).code).toBe(0);
    expect((await run("kv", "get", id, key)).code).toBe(6);
  }
});

test("random keys are reached as they are listed, in the table and as JSON", async () => {
  const { id } = await platform.deploy(at("hello"));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 12 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom("-x", "--json", "--", "%2e", "a%", "?", "#", "'", '"', "$(x)", "\\", "=")
      .map((text) => Buffer.from(text)),
  );
  const keys = new Set(
    fc.sample(bytes, { numRuns: 16, seed: 13 }).map((key) => Buffer.from(key).toString("base64url")),
  );
  for (const key of keys)
    expect(await run("kv", "put", id, `base64url:${key}`, key)).toMatchObject({ code: 0, stderr: "" });
  const table = (await run("kv", "list", id)).stdout.trimEnd().split("\n").slice(1);
  for (const notation of table.map((row) => row.replace(/^\d+ +/, ""))) {
    const found = JSON.parse((await run("kv", "get", id, notation, "--json")).stdout) as {
      key: string;
      base64: string;
    };
    expect(Buffer.from(found.base64, "base64").toString()).toBe(found.key);
    expect(keys.has(found.key)).toBe(true);
    expect((await run("kv", "delete", id, notation)).code).toBe(0);
  }
  expect(JSON.parse((await run("kv", "list", id, "--json")).stdout)).toEqual([]);
});

test("an interrupted deploy says what happens to it, and ends with 130", async () => {
  const child = spawn(
    process.execPath,
    [LAUNCHER, "deploy", at("hello"), "-v", "--server", platform.origin],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    // With -v the name comes first, as soon as the server has the project.
    if (/^\w+(-\w+){3}$/m.test(stderr)) child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /Interrupted; the server goes on deploying "[\w-]+"\. `terrarium show [\w-]+` shows/,
  );
});
