// SIGTERM ends a platform in every state, with all its processes.
import { join } from "node:path";
import { expect, test } from "vitest";
import { isProcessAlive } from "../../src/processes/alive.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { processTree } from "./process-tree.ts";
import { proxying, writeProject } from "./programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "./slow-origin.ts";

interface ServerView {
  readonly edges: readonly { readonly pid: number }[];
}

type State = (platform: Platform, folder: string) => Promise<unknown>;

const STATES: Readonly<Record<string, State>> = {
  "that has nothing to do": () => Promise.resolve(),
  "whose edge is frozen": async (platform) => {
    const { edges } = await platform.api<ServerView>("/api/v1/server");
    for (const { pid } of edges) process.kill(pid, "SIGSTOP");
  },
  "whose supervisor was just killed": (platform) =>
    Promise.resolve(process.kill(platform.ready.pid, "SIGKILL")),
  "whose supervisor starts anew": async (platform) => {
    process.kill(platform.ready.pid, "SIGKILL");
    await expect
      .poll(() => processTree(platform.launcher.pid ?? 0)[1], { timeout: 20_000 })
      .not.toBeOneOf([undefined, platform.ready.pid]);
  },
};

test.each(Object.keys(STATES))("SIGTERM ends a platform %s", async (name) => {
  using folder = temporaryFolder();
  const platform = await Platform.start(join(folder.path, "data"), ["--edges", "2", "--grace", "1s"]);
  await STATES[name]?.(platform, folder.path);
  const pids = processTree(platform.launcher.pid ?? 0);
  await platform.stop("SIGTERM");
  await expect.poll(() => pids.filter((pid) => isProcessAlive(pid)), { timeout: 10_000 }).toEqual([]);
});

test("SIGTERM ends a platform whose request waits for its origin", async () => {
  using folder = temporaryFolder();
  const origin = await SlowOrigin.start();
  const args = ["--edges", "1", "--grace", "1s", "--resolve", origin.resolveRule];
  const platform = await Platform.start(join(folder.path, "data"), args);
  const project = writeProject(join(folder.path, "waiting"), proxying(SLOW_ORIGIN));
  const { id } = await platform.deploy(project);
  const asked = platform.ask(id, "/").catch(() => undefined);
  await origin.holds(1);
  const pids = processTree(platform.launcher.pid ?? 0);
  await platform.stop("SIGTERM");
  await asked;
  await expect.poll(() => pids.filter((pid) => isProcessAlive(pid)), { timeout: 10_000 }).toEqual([]);
  origin.close();
});
