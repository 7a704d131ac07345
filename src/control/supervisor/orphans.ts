// Ends edges of earlier supervisors that do not end by themselves. They serve until the edges of this
// supervisor listen, and then leave; one that is stopped never hears of it, and holds connections that nobody
// answers. Each edge has a note in the run directory, as several supervisors may die before one ends it.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStat, STAT } from "../../processes/process-stat.ts";

const NOTE = /^edge-process-(\d+)-(\d+)$/;
const LOOK_EVERY_MS = 500;
/** A process that stands still for so long is frozen: nothing in it will end by itself. */
const FROZEN_MS = 2000;
/** Longer than an edge waits for a successor and for its own last requests. */
const LATE_MS = 45_000;

interface Orphan {
  readonly pid: number;
  /** When it started, which tells it from a later process with the same id. */
  readonly started: string;
  readonly note: string;
  /** Looks in a row that found it stopped. */
  stoppedLooks: number;
}

/** Notes that this process is an edge. Returns how to take the note back once it has ended. */
export function noteEdge(runDir: string, pid: number): () => void {
  const started = processStat(pid)?.[STAT.started];
  if (started === undefined) return () => undefined;
  const note = join(runDir, `edge-process-${pid}-${started}`);
  try {
    writeFileSync(note, "", { mode: 0o600 });
  } catch {
    // The disk is full. The edge is watched as long as this supervisor lives.
  }
  return () => rmSync(note, { force: true });
}

/** Watches the noted edges until they are gone. Keeps no process alive. Returns how to stop watching. */
export function watchOrphans(runDir: string): () => void {
  let left = notedEdges(runDir);
  const sinceMs = performance.now();
  const timer = setInterval(() => {
    left = left.filter((orphan) => look(orphan, performance.now() - sinceMs > LATE_MS));
    if (left.length === 0) clearInterval(timer);
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

function notedEdges(runDir: string): Orphan[] {
  return readdirSync(runDir).flatMap((name): Orphan[] => {
    const [, pid, started] = NOTE.exec(name) ?? [];
    if (pid === undefined || started === undefined) return [];
    return [{ pid: Number(pid), started, note: join(runDir, name), stoppedLooks: 0 }];
  });
}

/** False once it is gone. */
function look(orphan: Orphan, isLate: boolean): boolean {
  const stat = processStat(orphan.pid);
  if (stat?.[STAT.started] !== orphan.started) {
    rmSync(orphan.note, { force: true });
    return false;
  }
  orphan.stoppedLooks = stat[STAT.state] === "T" ? orphan.stoppedLooks + 1 : 0;
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
