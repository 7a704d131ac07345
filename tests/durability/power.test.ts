// A cut of power at twenty moments: the disk as it is then, with all that was never synced left out. The data
// directory lies on a file system of its own that writes nothing back by itself; its image is copied while
// the platform's processes stand still, mounted, and opened.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSqliteStore } from "../../src/store/index.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { QUOTA } from "../../src/store/testing/fixtures.ts";
import { Platform } from "../e2e/platform.ts";
import { processTree, signal } from "../e2e/process-tree.ts";

const MOMENTS = 20;
const IMAGE_MIB = 96;
/** Appends a byte to the value of the key `k`. */
const APPENDS = `(module
  (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
  (memory 1) (data (i32.const 0) "kx")
  (func (export "run") (drop (call $append (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1)))))`;

const folder = mkdtempSync(join(tmpdir(), "terrarium-power-"));
const mounted: string[] = [];

function mount(image: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  // Nothing is written back for ten minutes unless somebody syncs.
  execFileSync("mount", ["-o", "loop,commit=600", image, path], { stdio: "pipe" });
  mounted.push(path);
  return path;
}

function unmount(path: string): void {
  execFileSync("umount", [path], { stdio: "pipe" });
  mounted.splice(mounted.indexOf(path), 1);
}

function makeImage(name: string): string {
  const image = join(folder, name);
  execFileSync("truncate", ["-s", `${IMAGE_MIB}M`, image]);
  execFileSync("mkfs.ext4", ["-q", "-F", image], { stdio: "pipe" });
  return image;
}

/** Why no file system can be mounted here; null if one can. */
function mountTrouble(): string | null {
  try {
    unmount(mount(makeImage("try.img"), "try"));
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}

const trouble = mountTrouble();
if (trouble !== null)
  process.stderr.write(`SKIPPED: cuts of power, because nothing can be mounted: ${trouble}\n`);

afterAll(() => {
  for (const path of mounted) spawnSync("umount", [path]);
  rmSync(folder, { recursive: true, force: true });
});

interface Moment {
  /** Appends that were acknowledged before it. */
  readonly acknowledged: number;
  readonly image: string;
  readonly copy: string;
}

/** Runs a platform and copies disk and folder at every moment. */
async function cut(durability: "process" | "power"): Promise<{ id: DeploymentId; moments: Moment[] }> {
  const image = makeImage(`${durability}.img`);
  const disk = mount(image, durability);
  const data = join(disk, "data");
  const platform = await Platform.start(data, ["--edges", "1", "--durability", durability, "--ttl", "1h"]);
  const project = join(folder, `project-${durability}`);
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src/main.wat"), APPENDS);
  const { id } = await platform.deploy(project);
  const load = { acknowledged: 0, over: false };
  const clients = Array.from({ length: 4 }, async () => {
    while (!load.over) if ((await platform.ask(id, "/")).status === 200) load.acknowledged += 1;
  });
  const moments: Moment[] = [];
  for (let index = 0; index < MOMENTS; index += 1) {
    await platform.ask(id, "/").then(() => (load.acknowledged += 1));
    const tree = processTree(platform.launcher.pid ?? 0);
    for (const pid of tree) signal(pid, "SIGSTOP");
    const moment = {
      acknowledged: load.acknowledged,
      image: join(folder, `${durability}-${index}.img`),
      copy: join(folder, `${durability}-${index}`),
    };
    execFileSync("cp", ["--sparse=always", image, moment.image]);
    cpSync(data, moment.copy, { recursive: true, filter: (path) => !path.endsWith(".sock") });
    for (const pid of tree) signal(pid, "SIGCONT");
    moments.push(moment);
  }
  load.over = true;
  await Promise.all(clients);
  await platform.stop();
  unmount(disk);
  return { id: id as DeploymentId, moments };
}

/** What a server finds: how many appends, or why it cannot say; and what it tells the owner. */
async function found(
  dataDir: string,
  id: DeploymentId,
): Promise<{ appends: number | string; told: string[] }> {
  const store = openSqliteStore({ dataDir, maxLogBytes: 100_000, clearsAway: true });
  try {
    const read = async () => (await store.keyValue.open(id, QUOTA).get(Buffer.from("k")))?.length ?? 0;
    const appends = await read().catch((error: { code: string }) => error.code);
    expect((await store.deployments.get(id))?.phase).toBe("live");
    const manifest = await store.artifacts.get(id);
    expect(await store.artifacts.blob(manifest!.module)).toBeDefined();
    return { appends, told: (await store.logs.read(id, { limit: 100 })).map((event) => event.text) };
  } finally {
    await store.close();
  }
}

describe.skipIf(trouble !== null)("after a cut of power", () => {
  test("with --durability power everything acknowledged is there", { timeout: 300_000 }, async () => {
    const { id, moments } = await cut("power");
    for (const { acknowledged, image, copy } of moments) {
      const disk = mount(image, "after");
      const lazily = await found(join(disk, "data"), id);
      unmount(disk);
      expect(lazily.appends).toBeGreaterThanOrEqual(acknowledged);
      expect((await found(copy, id)).appends).toBeGreaterThanOrEqual(acknowledged);
    }
    expect(moments.at(-1)?.acknowledged).toBeGreaterThan(MOMENTS);
    const disk = mount(moments.at(-1)!.image, "again");
    const platform = await Platform.start(join(disk, "data"), ["--edges", "1"]);
    expect((await platform.ask(id, "/")).status).toBe(200);
    await platform.stop();
    unmount(disk);
  });

  test("with --durability process nothing is silently empty", { timeout: 300_000 }, async () => {
    const { id, moments } = await cut("process");
    for (const { acknowledged, image, copy } of moments) {
      const disk = mount(image, "after");
      const { appends, told } = await found(join(disk, "data"), id);
      unmount(disk);
      if (appends === 0) expect(told.join()).toContain("were lost");
      else if (typeof appends === "string") expect(appends).toBe("TER_STORE_DAMAGED");
      // A killed process loses nothing.
      expect((await found(copy, id)).appends).toBeGreaterThanOrEqual(acknowledged);
    }
  });
});
