// Whether a process still runs.

/** True while a process of this number exists; another one may have taken the number. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
