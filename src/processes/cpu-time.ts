// CPU time of another process, and whether it stands still, where the system reports it.
import { processStat, STAT } from "./process-stat.ts";

/** Unit of /proc/PID/stat, fixed at 100 Hz for user space on Linux (USER_HZ). */
const MS_PER_TICK = 10;

/** User and system time so far; undefined without procfs or without the process. */
export function processCpuMs(pid: number | undefined): number | undefined {
  const fields = processStat(pid);
  const ticks = Number(fields?.[STAT.userTicks]) + Number(fields?.[STAT.systemTicks]);
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : undefined;
}

/** True if it neither runs, nor waits for a processor or a disk: on a busy machine those take long. */
export function standsStill(pid: number | undefined): boolean {
  const state = processStat(pid)?.[STAT.state];
  return state !== undefined && state !== "R" && state !== "D";
}
