// Ends edges of an earlier supervisor that do not end by themselves. They serve until the edges of this
// supervisor listen, and then leave; one that is stopped never hears of it, and holds connections that nobody
// answers.
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 500;
/** A process that stands still for so long is frozen: nothing in it will end by itself. */
const FROZEN_MS = 2000;
/** Longer than an edge waits for a successor and for its own last requests. */
const LATE_MS = 45_000;

/** The numbers of the fields of /proc/PID/stat behind the program's name. */
const STATE = 0;
const STARTED = 19;

interface Orphan {
  readonly pid: number;
  /** Tells it from a later process with the same id. */
  readonly started: string;
  /** Looks in a row that found it stopped. */
  stoppedLooks: number;
}

/** Watches these processes until they are gone. Keeps no process alive. Returns how to stop watching. */
export function watchOrphans(pids: readonly number[]): () => void {
  let left = pids.flatMap((pid): Orphan[] => {
    const started = statOf(pid)?.[STARTED];
    return started === undefined ? [] : [{ pid, started, stoppedLooks: 0 }];
  });
  if (left.length === 0) return () => undefined;
  const sinceMs = performance.now();
  const timer = setInterval(() => {
    left = left.filter((orphan) => look(orphan, performance.now() - sinceMs > LATE_MS));
    if (left.length === 0) clearInterval(timer);
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** False once it is gone. */
function look(orphan: Orphan, isLate: boolean): boolean {
  const stat = statOf(orphan.pid);
  if (stat?.[STARTED] !== orphan.started) return false;
  orphan.stoppedLooks = stat[STATE] === "T" ? orphan.stoppedLooks + 1 : 0;
  if (isLate || orphan.stoppedLooks * LOOK_EVERY_MS > FROZEN_MS) end(orphan.pid);
  return true;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
