// System calls of a running platform that fail with EIO, as they do on a disk that breaks: strace attaches to
// its processes and answers the calls in place of the kernel.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../e2e/platform.ts";
import { processTree } from "../e2e/process-tree.ts";

export const READS = ["read", "pread64", "preadv"];
export const WRITES = ["write", "pwrite64", "pwritev", "ftruncate"];
export const SYNCS = ["fsync", "fdatasync"];

export interface Failing {
  readonly calls: readonly string[];
  /** Only on these files; on all if none is named. */
  readonly paths?: readonly string[];
  /** Which calls, as strace counts them in each thread; all unless told otherwise. */
  readonly when?: string;
  /** The supervisor's processes only, not the edges. */
  readonly supervisorOnly?: true;
}

/** Why nothing can be made to fail here; null if it can. */
export function tracingTrouble(): string | null {
  const { status, error } = spawnSync("strace", ["-o", "/dev/null", "-e", "trace=none", "true"]);
  return status === 0 ? null : (error?.message ?? `strace ends with ${status}`);
}

/** Lets calls of the platform fail while `during` runs. Returns the calls that were traced, a line each. */
export async function whileFailing(
  platform: Platform,
  traceFile: string,
  { calls, paths = [], when, supervisorOnly }: Failing,
  during: () => Promise<void>,
): Promise<string[]> {
  const tree = processTree(platform.ready.pid);
  const pids = supervisorOnly === true ? [platform.ready.pid] : tree;
  const traced = ["-y", "-e", `trace=${[...READS, ...WRITES, ...SYNCS].join(",")}`];
  const fault = `inject=${calls.join(",")}:error=EIO${when === undefined ? "" : `:when=${when}`}`;
  const args = ["-f", "-o", traceFile, ...traced, "-e", fault];
  for (const pid of pids) args.push("-p", String(pid));
  for (const path of paths) args.push("-P", path);
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  await attached(strace, pids.length);
  try {
    await during();
  } finally {
    const end = once(strace, "exit");
    strace.kill("SIGINT");
    await end;
  }
  return readFileSync(traceFile, "utf8").split("\n");
}

async function attached(strace: ChildProcess, processes: number): Promise<void> {
  let said = "";
  strace.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  while ((said.match(/attached|attach: /g)?.length ?? 0) < processes) {
    if (strace.exitCode !== null) throw new Error(`strace ended: ${said}`);
    await pause(20);
  }
}
