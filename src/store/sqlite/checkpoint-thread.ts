// The thread behind `checkpointer.ts`. Its connections are its own; SQLite's locks hold between threads as between processes.
import { statSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import type { CheckpointRequest, Held } from "./checkpointer.ts";
import { Connection } from "./connection.ts";

/** A log that has grown so far is cut back, although writers have to wait for that. */
const CUT_BACK_BYTES = 32 * 1024 * 1024;
/** How long cutting back may wait for readers to leave, and so writers for it. */
const CUT_BACK_TIMEOUT_MS = 50;

const held = new Map<number, Connection | undefined>();

parentPort?.on("message", (request: CheckpointRequest) => {
  if (request.kind === "checkpoint") checkpoint(request.path);
  else if (request.kind === "hold") hold(request.path, request.ticket);
  else release(request.ticket);
});

function checkpoint(path: string): void {
  const connection = open(path);
  try {
    // Passive: copies what it can, nobody waits.
    connection?.one("PRAGMA wal_checkpoint(PASSIVE)");
    if (connection !== undefined && logBytes(path) > CUT_BACK_BYTES) cutBack(connection);
  } catch {
    // Busy, or the deployment is gone: whoever writes next asks again.
  } finally {
    connection?.close();
  }
}

function cutBack(connection: Connection): void {
  connection.busyTimeoutMs = CUT_BACK_TIMEOUT_MS;
  connection.one("PRAGMA wal_checkpoint(TRUNCATE)");
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

/** Undefined if there is no such file any more. */
function open(path: string): Connection | undefined {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path, () => undefined);
    // SQLite opens lazily: only with a read it takes part.
    connection.one("SELECT 1 FROM sqlite_schema");
    return connection;
  } catch {
    connection?.close();
    return undefined;
  }
}

function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
