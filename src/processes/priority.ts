// Lower priority for processes that should not slow down serving.
import { setPriority } from "node:os";

/**
 * Raises the niceness of a process. Without effect on one that has ended, or where the system has no
 * priorities.
 */
export function lowerPriority(pid: number | undefined, niceness: number): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // Said above.
  }
}
