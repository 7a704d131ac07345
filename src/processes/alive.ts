// Whether a process still runs.

/** True while a process with this id exists; a new process may have taken the id. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
