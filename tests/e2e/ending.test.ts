// SIGTERM ends a platform in every state, with all its processes.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isProcessAlive } from "../../src/processes/alive.ts";
import { ENDING_STATES } from "./ending-states.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { processTree } from "./process-tree.ts";
import { SlowOrigin } from "./slow-origin.ts";

let origin: SlowOrigin;
beforeAll(async () => {
  origin = await SlowOrigin.start();
});
afterAll(() => origin.close());

test.each(ENDING_STATES)("SIGTERM ends a platform $name", async ({ flags, enter }) => {
  using folder = temporaryFolder();
  const args = ["--edges", "2", "--grace", "1s", ...(flags?.(origin) ?? [])];
  const platform = await Platform.start(join(folder.path, "data"), args);
  const over = await enter(platform, folder.path, origin);
  const pids = processTree(platform.launcher.pid ?? 0);
  await platform.stop("SIGTERM");
  await over();
  await expect.poll(() => pids.filter((pid) => isProcessAlive(pid)), { timeout: 10_000 }).toEqual([]);
});
