// CPU time of another process, where the system reports it.
import { readFileSync } from "node:fs";

/** Unit of /proc/PID/stat, fixed at 100 Hz for user space on Linux (USER_HZ). */
const MS_PER_TICK = 10;

/** User and system time so far; undefined without procfs or without the process. */
export function processCpuMs(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    // The second field is the program's name, which may contain spaces and parentheses; the rest follows the
    // last one.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * MS_PER_TICK : undefined;
  } catch {
    return undefined;
  }
}
