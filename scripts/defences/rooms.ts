// All defences by the room that holds them, and how one is taken out of its source.
import { BUILD_DEFENCES } from "./build.ts";
import { CONTROL_DEFENCES } from "./control.ts";
import { EDGE_DEFENCES } from "./edge.ts";
import { ENGINE_DEFENCES } from "./engine.ts";
import { HOSTCALL_DEFENCES } from "./hostcalls.ts";
import { SANDBOX_DEFENCES } from "./sandbox.ts";
import { STUDIO_DEFENCES } from "./studio.ts";
import type { Defence } from "./types.ts";

/** The defences of each room. */
export const ROOMS: Readonly<Record<string, readonly Defence[]>> = {
  build: BUILD_DEFENCES,
  control: CONTROL_DEFENCES,
  edge: EDGE_DEFENCES,
  engine: ENGINE_DEFENCES,
  hostcalls: HOSTCALL_DEFENCES,
  sandbox: SANDBOX_DEFENCES,
  studio: STUDIO_DEFENCES,
};

/** The source without its defence; null if the defence's text is not in it exactly once. */
export function withoutDefence(source: string, defence: Defence): string | null {
  return source.split(defence.present).length === 2 ? source.replace(defence.present, () => defence.removed) : null;
}
