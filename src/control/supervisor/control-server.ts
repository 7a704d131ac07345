// The control API's listener: a Unix socket in a folder that only its owner can enter. Edges pass on what
// comes for the bare domain.
import { createServer, type Server } from "node:http";
import { rmSync } from "node:fs";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Env } from "../api/operation.ts";

/** A whole upload of the largest size over a slow line. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** Listens at the path, which nobody else uses: the caller holds the data directory's lock. */
export async function listenControl(app: Hono<Env>, path: string): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return server;
}

/** Stops accepting; answers under way get until the deadline. */
export async function closeControl(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}
