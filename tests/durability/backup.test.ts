// The drill: a backup is taken while a server runs and is written to, restored elsewhere, and served.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backUpDataDirectory, restoreDataDirectory } from "../../src/store/index.ts";
import { Platform, temporaryFolder, terrarium } from "../e2e/platform.ts";

/** Appends a byte to a value and answers with all of it. */
const COUNTS = `(module
  (import "env" "hostcall_init_mm" (func $init (param i32 i32)))
  (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_kvstore_get" (func $get (param i32 i32 i32 i32) (result i32)))
  (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
  (memory 4) (table 3 funcref) (elem (i32.const 1) $malloc $free) (data (i32.const 0) "kx")
  (func $malloc (param i32) (result i32) (i32.const 4096)) (func $free (param i32))
  (func (export "run") (call $init (i32.const 1) (i32.const 2))
    (drop (call $append (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1)))
    (drop (call $get (i32.const 16) (i32.const 20) (i32.const 0) (i32.const 1)))
    (drop (call $body (i32.const 0) (i32.load (i32.const 16)) (i32.load (i32.const 20))))))`;

const folder = temporaryFolder();
const data = join(folder.path, "data");
const file = join(folder.path, "backup.tar");
let platform: Platform;
let id: string;
let acknowledged = 0;

beforeAll(async () => {
  platform = await Platform.start(data, ["--edges", "1", "--ttl", "1h"]);
  const project = join(folder.path, "project");
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src/main.wat"), COUNTS);
  ({ id } = await platform.deploy(project));
}, 60_000);
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

const restored = (name: string) => join(folder.path, name);
const restore = (from: string, to: string) => terrarium(["restore", from, "--data", to, "--json"]);

test("a backup taken under load restores to a server that has all that was acknowledged before", async () => {
  const load = { over: false };
  const client = (async () => {
    while (!load.over) acknowledged = (await platform.ask(id, "/")).text.length;
  })();
  await expect.poll(() => acknowledged, { timeout: 20_000 }).toBeGreaterThan(20);
  const before = acknowledged;
  const made = await terrarium(["backup", file, "--data", data, "--json"]);
  load.over = true;
  await client;
  expect(JSON.parse(made.stdout)).toMatchObject({ file, deployments: 1 });
  expect(await restore(file, restored("copy"))).toMatchObject({ code: 0 });
  expect(readFileSync(join(restored("copy"), "operator-token"))).toEqual(
    readFileSync(join(data, "operator-token")),
  );
  const copy = await Platform.start(restored("copy"), ["--edges", "1"]);
  const answer = await copy.ask(id, "/");
  await copy.stop();
  expect(answer.text.length).toBeGreaterThan(before);
  expect(answer.text.length).toBeLessThanOrEqual(acknowledged + 1);
});

test("backup and restore say how far they are", async () => {
  const steps: (readonly [number, number | undefined])[] = [];
  const onProgress = (done: number, total?: number) => void steps.push([done, total]);
  const copy = join(folder.path, "counted.tar");
  const { files } = await backUpDataDirectory(data, copy, onProgress);
  expect(steps).toEqual([
    [0, 1],
    [1, 1],
  ]);
  steps.length = 0;
  restoreDataDirectory(copy, restored("counted"), onProgress);
  const counted = Array.from({ length: files }, (_, index) => index + 1);
  expect(steps.map(([done]) => done)).toEqual([...counted, files]);
});

test("a backup with one flipped bit is refused, and leaves no folder", async () => {
  const bytes = readFileSync(file);
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  writeFileSync(`${file}.bad`, bytes);
  const { code, stderr } = await restore(`${file}.bad`, restored("bad"));
  expect([code, existsSync(restored("bad"))]).toEqual([1, false]);
  expect(stderr).toContain("Cannot restore");
});

test("a backup that ends too early is refused", async () => {
  writeFileSync(`${file}.short`, readFileSync(file).subarray(0, 20_000));
  const { code, stderr } = await restore(`${file}.short`, restored("short"));
  expect(code).toBe(1);
  expect(stderr).toContain("Cannot restore");
});

test("nothing is restored over something", async () => {
  const { code, stderr } = await restore(file, data);
  expect(code).toBe(2);
  expect(stderr).toContain("not empty");
});

test("what is no data directory is not backed up", async () => {
  const { code, stderr } = await terrarium(["backup", `${file}.none`, "--data", folder.path, "--json"]);
  expect([code, existsSync(`${file}.none`)]).toEqual([2, false]);
  expect(stderr).toContain("is not a data directory");
});
