// States of a platform in which SIGTERM has to end it.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Platform } from "./platform.ts";
import { processTree } from "./process-tree.ts";
import { proxying, writeProject } from "./programs.ts";
import { SLOW_ORIGIN, type SlowOrigin } from "./slow-origin.ts";

/** How a platform gets into a state. */
export interface EndingState {
  /** Completes "SIGTERM ends a platform …". */
  readonly name: string;
  /** Flags for its start, besides the usual ones. */
  readonly flags?: (origin: SlowOrigin) => readonly string[];
  /** Brings it there. Resolves to what cleans up after its end. */
  readonly enter: (platform: Platform, folder: string, origin: SlowOrigin) => Promise<() => Promise<unknown>>;
}

const NOTHING = () => Promise.resolve();

/** All of them. */
export const ENDING_STATES: readonly EndingState[] = [
  { name: "that has nothing to do", enter: () => Promise.resolve(NOTHING) },
  {
    name: "whose edge is frozen",
    async enter(platform) {
      const { edges } = await platform.api<{ readonly edges: readonly { readonly pid: number }[] }>(
        "/api/v1/server",
      );
      for (const { pid } of edges) process.kill(pid, "SIGSTOP");
      return NOTHING;
    },
  },
  {
    name: "whose supervisor was just killed",
    enter(platform) {
      process.kill(platform.ready.pid, "SIGKILL");
      return Promise.resolve(NOTHING);
    },
  },
  {
    name: "whose supervisor starts anew",
    async enter(platform) {
      const first = platform.ready.pid;
      process.kill(first, "SIGKILL");
      const supervisor = () => processTree(platform.launcher.pid ?? 0)[1];
      while (supervisor() === undefined || supervisor() === first) await setTimeout(5);
      return NOTHING;
    },
  },
  {
    name: "whose request waits for its origin",
    flags: (origin) => ["--resolve", origin.resolveRule],
    async enter(platform, folder, origin) {
      const project = writeProject(join(folder, "waiting"), proxying(SLOW_ORIGIN));
      const { id } = await platform.deploy(project);
      const asked = platform.ask(id, "/").catch(() => undefined);
      await origin.holds(1);
      return () => asked;
    },
  },
];
