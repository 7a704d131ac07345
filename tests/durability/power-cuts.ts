// Cuts of power: the disk as it is at some moments, with all that was never synced left out. The data
// directory lies on a file system of its own that writes nothing back by itself; its image is copied while
// the platform's processes stand still, mounted, and opened.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/index.ts";
import type { DeploymentId } from "../../src/store/types.ts";
import { QUOTA } from "../../src/store/testing/fixtures.ts";
import { Platform } from "../e2e/platform.ts";
import { processTree, signal } from "../e2e/process-tree.ts";

export const MOMENTS = 20;
const IMAGE_MIB = 96;
/** Appends a byte to the value of the key `k`. */
const APPENDS = `(module
  (import "env" "hostcall_kvstore_append" (func $append (param i32 i32 i32 i32) (result i32)))
  (memory 1) (data (i32.const 0) "kx")
  (func (export "run") (drop (call $append (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1)))))`;

const folder = mkdtempSync(join(tmpdir(), "terrarium-power-"));
const mounted: string[] = [];

export function mount(image: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  // Nothing is written back for ten minutes unless somebody syncs.
  execFileSync("mount", ["-o", "loop,commit=600", image, path], { stdio: "pipe" });
  mounted.push(path);
  return path;
}

export function unmount(path: string): void {
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
export function mountTrouble(): string | null {
  try {
    unmount(mount(makeImage("try.img"), "try"));
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}

export interface Moment {
  /** Appends that were acknowledged before it. */
  readonly acknowledged: number;
  readonly image: string;
  readonly copy: string;
}

/** What happened until the last cut. */
export interface Cuts {
  readonly id: DeploymentId;
  readonly moments: readonly Moment[];
  readonly requests: number;
  readonly acknowledged: number;
}

/** What a server finds afterwards. */
export interface Found {
  /** How many there are, or why it cannot say. */
  readonly appends: number | string;
  /** Whether the deployment is live and has its module. */
  readonly isWhole: boolean;
  /** What the owner is told. */
  readonly told: readonly string[];
}

/** Unmounts everything, and removes all copies. */
export function clearCuts(): void {
  for (const path of mounted) spawnSync("umount", [path]);
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a platform and copies disk and folder at every moment. */
export async function cut(durability: "process" | "power"): Promise<Cuts> {
  const image = makeImage(`${durability}.img`);
  const disk = mount(image, durability);
  const data = join(disk, "data");
  const platform = await Platform.start(data, ["--edges", "1", "--durability", durability, "--ttl", "1h"]);
  const project = join(folder, `project-${durability}`);
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src/main.wat"), APPENDS);
  const { id } = await platform.deploy(project);
  const load = { requests: 0, acknowledged: 0, over: false };
  const append = async () => {
    load.requests += 1;
    if ((await platform.ask(id, "/")).status === 200) load.acknowledged += 1;
  };
  const clients = Array.from({ length: 4 }, async () => {
    while (!load.over) await append();
  });
  const moments: Moment[] = [];
  for (let index = 0; index < MOMENTS; index += 1) {
    await append();
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
  const { requests, acknowledged } = load;
  return { id: id as DeploymentId, moments, requests, acknowledged };
}

/** Opens a data directory as a server does. */
export async function found(dataDir: string, id: DeploymentId): Promise<Found> {
  const store = openSqliteStore({ dataDir, maxLogBytes: 100_000, clearsAway: true });
  try {
    const read = async () => (await store.keyValue.open(id, QUOTA).get(Buffer.from("k")))?.length ?? 0;
    const appends = await read().catch((error: { code: string }) => error.code);
    const isLive = (await store.deployments.get(id))?.phase === "live";
    const manifest = await store.artifacts.get(id);
    const module = manifest && (await store.artifacts.blob(manifest.module));
    const told = (await store.logs.read(id, { limit: 100 })).map((event) => event.text);
    return { appends, isWhole: isLive && module !== undefined, told };
  } finally {
    await store.close();
  }
}

/** What a server finds on the disk of that moment. */
export async function foundOnDisk({ image }: Moment, id: DeploymentId): Promise<Found> {
  const disk = mount(image, "after");
  try {
    return await found(join(disk, "data"), id);
  } finally {
    unmount(disk);
  }
}
