// CPU time of another process, and whether it stands still, where the system reports it.
import { readFileSync } from "node:fs";

/** Unit of /proc/PID/stat, fixed at 100 Hz for user space on Linux (USER_HZ). */
const MS_PER_TICK = 10;

/** Behind the program's name, in /proc/PID/stat: its state, and user and system time in ticks. */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** User and system time so far; undefined without procfs or without the process. */
export function processCpuMs(pid: number | undefined): number | undefined {
  const fields = statOf(pid);
  const ticks = Number(fields?.[USER_TICKS]) + Number(fields?.[SYSTEM_TICKS]);
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : undefined;
}

/** True if it neither runs, nor waits for a processor or a disk: on a busy machine those take long. */
export function standsStill(pid: number | undefined): boolean {
  const state = statOf(pid)?.[STATE];
  return state !== undefined && state !== "R" && state !== "D";
}

function statOf(pid: number | undefined): string[] | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    // The second field is the program's name, which may contain spaces and parentheses; the rest follows the
    // last one.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
