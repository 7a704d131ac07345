// The thread behind `checkpointer.ts`. It has its own connections; SQLite's locks work between threads as
// between processes.
import { parentPort } from "node:worker_threads";
import type { CheckpointRequest, Held } from "./checkpointer.ts";
import { SqliteConnection } from "./connection.ts";
import { isDiskError } from "./faults.ts";
import { believeLog } from "./log-rewriting.ts";

/** Frames (4 KiB each) beyond which a log is truncated, although writers have to wait for that. */
const CUT_BACK_FRAMES = 2048;
/** How long truncating may wait for a gap between writers. */
const CUT_BACK_MS = 50;
const CUT_BACK_PAUSE_MS = 0.05;

const clock = new Int32Array(new SharedArrayBuffer(4));
const held = new Map<number, SqliteConnection | undefined>();

/** Files whose last checkpoint failed: what it could not sync is not in the log on disk. */
const failed = new Set<string>();

/** Files to checkpoint: many requests for one file are one. */
const due = new Set<string>();

parentPort?.on("message", (request: CheckpointRequest) => {
  if (request.kind === "hold") hold(request.path, request.ticket);
  else if (request.kind === "release") release(request.ticket);
  else noteDue(request.path);
});

function noteDue(path: string): void {
  if (due.size === 0) setImmediate(workOff);
  due.add(path);
}

/** One file per turn, so that new requests are noticed in between. */
function workOff(): void {
  const [path] = due;
  if (path === undefined) return;
  checkpoint(path);
  due.delete(path);
  if (due.size > 0) setImmediate(workOff);
}

function checkpoint(path: string): void {
  const connection = open(path);
  try {
    if (failed.has(path) && connection !== undefined) believeLog(connection);
    failed.delete(path);
    // Passive: copies what it can, and nobody waits. SQLite restarts the log only if at some moment all of it
    // was copied.
    const row = connection?.one("PRAGMA wal_checkpoint(PASSIVE)");
    if (connection !== undefined && Number(row?.["log"]) > CUT_BACK_FRAMES) cutBack(connection);
  } catch (error) {
    // Busy, or the deployment is gone: the next writer asks again.
    if (isDiskError(error)) failed.add(path);
  } finally {
    connection?.close();
  }
}

/** Copies the little that has been added since and empties the log, while writers wait. */
function cutBack(connection: SqliteConnection): void {
  const endMs = performance.now() + CUT_BACK_MS;
  while (connection.one("PRAGMA wal_checkpoint(TRUNCATE)")?.["busy"] !== 0 && performance.now() < endMs) {
    Atomics.wait(clock, 0, 0, CUT_BACK_PAUSE_MS);
  }
}

function hold(path: string, ticket: number): void {
  held.set(ticket, open(path));
  parentPort?.postMessage({ ticket } satisfies Held);
}

function release(ticket: number): void {
  const connection = held.get(ticket);
  held.delete(ticket);
  connection?.close();
}

/** Undefined if the file no longer exists. */
function open(path: string): SqliteConnection | undefined {
  let connection: SqliteConnection | undefined;
  try {
    connection = new SqliteConnection(path, () => undefined);
    // SQLite opens lazily: the file is open only after a read.
    connection.one("SELECT 1 FROM sqlite_schema");
    return connection;
  } catch {
    connection?.close();
    return undefined;
  }
}
