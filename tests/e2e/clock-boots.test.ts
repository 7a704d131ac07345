// Somebody sets the machine's clock while the platform is down, and the machine restarts in between: real
// processes whose monotonic clock begins anew in a namespace of their own, with another boot id, and whose
// wall clock a library fakes.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "./platform.ts";
import { processTree } from "./process-tree.ts";
import { answering, writeProject } from "./programs.ts";

const LIBRARY = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
const canRestart = spawnSync("unshare", ["--mount", "--time", "--fork", "true"]).status === 0;
const isMissing = (LIBRARY === undefined || !canRestart) && process.env["CI"] === undefined;
if (isMissing)
  process.stderr.write("SKIPPED: a step of the clock between two boots needs root and libfaketime\n");

const HOUR_S = 3600;
const YEAR_S = 365 * 24 * HOUR_S;
/** The monotonic clock of a machine that has just restarted. */
const EARLY_S = 20;

describe.skipIf(isMissing)("a step of the machine's clock between two boots", () => {
  const folder = temporaryFolder();
  const data = join(folder.path, "data");
  let boots = 0;
  let platform: Platform;

  /** Starts a platform on a machine that has restarted, with its clock so far from the true time. */
  const boot = async (stepS: number) => {
    const bootId = join(folder.path, `boot-${++boots}`);
    writeFileSync(bootId, `00000000-0000-4000-8000-00000000000${boots}\n`);
    const offset = EARLY_S - Math.floor(Number(process.hrtime.bigint() / 1_000_000_000n));
    const mounted = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
    const within = ["unshare", "--mount", "--time", "--fork", "--kill-child"];
    platform = await Platform.start(
      data,
      ["--edges", "1"],
      {
        LD_PRELOAD: LIBRARY ?? "",
        FAKETIME: `${stepS < 0 ? "" : "+"}${stepS}`,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
      { within: [...within, `--monotonic=${offset}`, `--boottime=${offset}`, "sh", "-c", mounted, bootId] },
    );
  };
  const shutDown = async () => {
    const [, launcher] = processTree(platform.launcher.pid ?? 0);
    const exit = once(platform.launcher, "exit");
    if (launcher !== undefined) process.kill(launcher, "SIGTERM");
    await exit;
  };
  const statusOf = async (name: string) => (await platform.ask(name, "/")).status;
  const leftMs = async (id: string) =>
    (await platform.api<{ deployment: { expiresInMs: number } }>(`/api/v1/deployments/${id}`)).deployment
      .expiresInMs;

  let passing: string;
  let lasting: string;
  beforeAll(async () => {
    const hello = writeProject(join(folder.path, "hello"), answering("hello"));
    await boot(0);
    ({ id: passing } = await platform.deploy(hello, ["--ttl", "30m"]));
    ({ id: lasting } = await platform.deploy(hello, ["--ttl", "never"]));
    await platform.deploy(hello, ["--app", "shop"]);
  });
  afterAll(() => {
    platform.launcher.kill("SIGKILL");
    folder[Symbol.dispose]();
  });

  test("backwards by a year takes nothing away and gives nobody a year", async () => {
    await shutDown();
    await boot(-YEAR_S);
    expect([await statusOf(passing), await statusOf(lasting), await statusOf("shop")]).toEqual([
      200, 200, 200,
    ]);
    expect(await leftMs(passing)).toBeGreaterThan(15 * 60_000);
    expect(await leftMs(passing)).toBeLessThanOrEqual(30 * 60_000);
  });

  test("forward counts as time that passed, and what has no end stays", async () => {
    await shutDown();
    await boot(HOUR_S);
    await expect.poll(() => statusOf(passing), { timeout: 20_000 }).toBe(404);
    expect([await statusOf(lasting), await statusOf("shop")]).toEqual([200, 200]);
    await shutDown();
  });
});
