// /proc/PID/stat of another process, where the system has it.
import { readFileSync } from "node:fs";

/** Indexes into what `processStat` gives. Times are in ticks of `USER_HZ`. */
export const STAT = { state: 0, parent: 1, userTicks: 11, systemTicks: 12, started: 19 } as const;

/** The fields behind the program's name; undefined without procfs or without the process. */
export function processStat(pid: number | undefined): readonly string[] | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    // The name may contain spaces and parentheses; the rest follows the last one.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
