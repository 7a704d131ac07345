// `terrarium doctor --data`: says what is wrong with a data directory, and rebuilds what can be rebuilt.
import { readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Platform, temporaryFolder, terrarium } from "../e2e/platform.ts";
import { LOGGING_AND_KEEPING, writeProject } from "../e2e/programs.ts";

const folder = temporaryFolder();
const data = join(folder.path, "data");
const doctor = (...args: string[]) => terrarium(["doctor", "--data", data, ...args]);
let id: string;

beforeAll(async () => {
  const platform = await Platform.start(data, ["--edges", "1"]);
  const project = writeProject(join(folder.path, "keeping"), LOGGING_AND_KEEPING);
  ({ id } = await platform.deploy(project, ["--ttl", "never"]));
  expect((await platform.ask(id, "/")).status).toBe(200);
  await platform.stop();
});
afterAll(() => folder[Symbol.dispose]());

test("finds nothing wrong where nothing is", async () => {
  expect((await doctor()).stdout).not.toContain(id);
});

test("names a damaged store, and gives it a new beginning with --fix", async () => {
  truncateSync(join(data, "kv", `${id}.db`), 100);
  const found = await doctor();
  expect([found.code, found.stdout + found.stderr]).toEqual([1, expect.stringContaining(id)]);
  expect((await doctor("--fix")).stdout).toContain(id);
  await using platform = await Platform.start(data, ["--edges", "1"]);
  expect((await platform.ask(id, "/")).status).toBe(200);
});

test("without records keeps every file in lost+found, and a server starts", async () => {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(join(data, `terrarium.db${suffix}`), { force: true });
  await expect(Platform.start(data, ["--edges", "1"])).rejects.toThrow("doctor");
  await doctor("--fix");
  await using platform = await Platform.start(data, ["--edges", "1"]);
  expect((await platform.ask(id, "/")).status).toBe(404);
  expect(readdirSync(join(data, "lost+found"), { recursive: true }).join()).toContain(`${id}.db`);
});
