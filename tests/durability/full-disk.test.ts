// A full disk: the data directory lies on a small file system of its own, which is filled to the last byte.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, terrarium } from "../e2e/platform.ts";
import { answering, LOGGING_AND_KEEPING, writeProject } from "../e2e/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "terrarium-full-"));
const disk = join(folder, "disk");
mkdirSync(disk);
const mounting = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], { encoding: "utf8" });
const isMounted = mounting.status === 0;
if (!isMounted)
  process.stderr.write(`SKIPPED: full disk, because nothing can be mounted: ${mounting.stderr}\n`);

afterAll(() => {
  if (isMounted) spawnSync("umount", ["-l", disk]);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isMounted)("on a full disk", () => {
  const filler = join(disk, "filler");
  const [hello, keeping] = [join(folder, "hello"), join(folder, "keeping")];
  let platform: Platform;
  beforeAll(async () => {
    writeProject(hello, answering("hello"));
    writeProject(keeping, LOGGING_AND_KEEPING);
    platform = await Platform.start(join(disk, "data"), ["--edges", "1"]);
  });
  afterAll(() => platform.stop());

  const statusOf = async (id: string) => (await platform.ask(id, "/")).status;
  const idsOf = async () =>
    (await platform.api<{ deployments: readonly { id: string }[] }>("/api/v1/deployments")).deployments.map(
      ({ id }) => id,
    );

  test("deployments serve, writes are refused, and room made is used without a restart", async () => {
    const { id } = await platform.deploy(hello, ["--ttl", "never"]);
    const { id: writer } = await platform.deploy(keeping, ["--ttl", "never"]);
    fill(filler);
    expect(await statusOf(id)).toBe(200);
    const refused = await platform.ask(writer, "/");
    expect([refused.status, refused.headers["x-terrarium-error"]]).toEqual([507, "TER_DISK_FULL"]);
    expect(refused.text).toContain("the disk of the data directory is full");
    const deployed = await terrarium(["deploy", keeping, "--server", platform.origin]);
    expect([deployed.code, deployed.stderr]).toEqual([1, expect.stringContaining("disk")]);
    rmSync(filler);
    expect(await statusOf(writer)).toBe(200);
    const { id: later } = await platform.deploy(hello);
    expect(await statusOf(later)).toBe(200);
  });

  test("deletions and expiry work", async () => {
    const { id } = await platform.deploy(keeping, ["--ttl", "never"]);
    const { id: passing } = await platform.deploy(hello, ["--ttl", "2s"]);
    expect(existsSync(join(disk, "data", "reserve"))).toBe(true);
    fill(filler);
    const deleted = await terrarium(["delete", id, "-y", "--server", platform.origin]);
    expect(deleted).toMatchObject({ code: 0 });
    expect(await statusOf(id)).toBe(404);
    await expect.poll(idsOf, { timeout: 10_000 }).not.toContain(passing);
    rmSync(filler);
  });

  test("a server starts, and its deployments answer", async () => {
    const { id } = await platform.deploy(hello, ["--ttl", "never"]);
    await platform.stop();
    fill(filler);
    platform = await Platform.start(join(disk, "data"), ["--edges", "1"]);
    expect(await statusOf(id)).toBe(200);
    expect(await terrarium(["delete", id, "-y", "--server", platform.origin])).toMatchObject({ code: 0 });
    rmSync(filler);
    const { id: later } = await platform.deploy(hello);
    expect(await statusOf(later)).toBe(200);
  });
});

/** Takes all the room there is. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (const bytes of [65_536, 4096, 512, 1])
      for (;;) {
        try {
          writeSync(file, Buffer.alloc(bytes));
        } catch {
          break;
        }
      }
  } finally {
    closeSync(file);
  }
}
