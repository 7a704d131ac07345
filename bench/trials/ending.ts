// How long a platform takes to end after SIGTERM, beyond its grace period, in every state.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { processStat, STAT } from "../../src/processes/process-stat.ts";
import { ENDING_STATES } from "../../tests/e2e/ending-states.ts";
import { Platform, temporaryFolder } from "../../tests/e2e/platform.ts";
import { processTree } from "../../tests/e2e/process-tree.ts";
import { SlowOrigin } from "../../tests/e2e/slow-origin.ts";
import type { Row } from "../report/figure.ts";

const GRACE_MS = 1000;
const LOOK_EVERY_MS = 5;

/** A zombie has ended: how soon its new parent collects it is the machine's business. */
function runs(pid: number): boolean {
  return !["Z", "X", undefined].includes(processStat(pid)?.[STAT.state]);
}

/** A row for each state: the longest of the rounds, in ms beyond the grace period. */
export async function endings(rounds: number): Promise<Row[]> {
  const origin = await SlowOrigin.start();
  const rows: Row[] = [];
  for (const { name, flags, enter } of ENDING_STATES) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      using folder = temporaryFolder();
      const args = ["--edges", "2", "--grace", `${GRACE_MS}ms`, ...(flags?.(origin) ?? [])];
      const platform = await Platform.start(join(folder.path, "data"), args);
      const over = await enter(platform, folder.path, origin);
      const pids = processTree(platform.launcher.pid ?? 0);
      const beganMs = performance.now();
      platform.launcher.kill("SIGTERM");
      while (pids.some((pid) => runs(pid))) await setTimeout(LOOK_EVERY_MS);
      times.push(Math.max(0, performance.now() - beganMs - GRACE_MS));
      await over();
    }
    rows.push({
      what: `SIGTERM ends a platform ${name}: beyond its grace period`,
      value: Math.max(...times),
      unit: "ms",
      bar: "ending",
      note: times.map((ms) => ms.toFixed(0)).join(", "),
    });
  }
  origin.close();
  return rows;
}
