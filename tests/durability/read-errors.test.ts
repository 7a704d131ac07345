// Records that cannot be read for a while: the bytes of `terrarium.db` change under a running platform, and
// come back.
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Platform, terrarium } from "../e2e/platform.ts";
import { answering, writeProject } from "../e2e/programs.ts";

interface ServerView {
  readonly edges: readonly { readonly pid: number }[];
}

const folder = mkdtempSync(join(tmpdir(), "terrarium-unreadable-"));
const files = ["terrarium.db", "terrarium.db-wal"].map((name) => join(folder, "data", name));
/** What says how to read the rest: of the file, and of its log. */
const HEADER_BYTES = [100, 32];
/** Longer than what edges know of a deployment or an app holds without a look into the records. */
const OUTAGE_MS = 4000;
let platform: Platform;

beforeAll(async () => {
  writeProject(join(folder, "hello"), answering("hello"));
  platform = await Platform.start(join(folder, "data"), ["--edges", "2"]);
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("edges serve what they hold, the API says what is wrong, and all heals without a restart", async () => {
  const { id } = await platform.deploy(join(folder, "hello"), ["--ttl", "never"]);
  await platform.deploy(join(folder, "hello"), ["--app", "lasting"]);
  const names = [id, "lasting"];
  for (let request = 0; request < 8; request++)
    for (const name of names) expect((await platform.ask(name, "/")).text).toBe("hello");
  const pids = async () => (await platform.api<ServerView>("/api/v1/server")).edges.map(({ pid }) => pid);
  const before = await pids();
  const whole = files.map((path) => readFileSync(path));
  for (const [index, path] of files.entries())
    overwrite(path, HEADER_BYTES[index]!, randomBytes(whole[index]!.length - HEADER_BYTES[index]!));

  const answers = new Set<string>();
  const endMs = performance.now() + OUTAGE_MS;
  while (performance.now() < endMs) {
    for (const name of names) answers.add((await platform.ask(name, "/")).text);
    await sleep(50);
  }
  expect([...answers]).toEqual(["hello"]);
  const refused = await terrarium(["deploy", join(folder, "hello"), "--server", platform.origin, "--json"]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/store (is damaged or cannot be read|does not answer)/),
  ]);
  expect((await platform.ask("unknown-to-all-edges", "/")).status).toBe(500);

  for (const [index, path] of files.entries()) overwrite(path, 0, whole[index]!);
  await expect
    .poll(async () => (await platform.ask("unknown-to-all-edges", "/")).status, { timeout: 10_000 })
    .toBe(404);
  for (const name of names) expect((await platform.ask(name, "/")).text).toBe("hello");
  const { id: later } = await platform.deploy(join(folder, "hello"));
  expect((await platform.ask(later, "/")).text).toBe("hello");
  expect([await pids(), platform.starts]).toEqual([before, 1]);
});

/** In place, as a disk does it. */
function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, at);
  } finally {
    closeSync(file);
  }
}
