// A client that has shut its sending side may still wait for its response, or may be gone. TCP cannot tell
// until something is sent. So the edge sends interim responses, which every client ignores (RFC 9110
// §15.2). The machine of a client that is gone answers with a reset, which ends the request.
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { ProxiedClients } from "./proxied-sockets.ts";
import { connectionOf } from "./client-connection.ts";

const PROBE_EVERY_MS = 250;

/** Ends the requests of clients that are gone. */
export function probeShutClients(server: Server, clients: ProxiedClients | null): void {
  server.on("connection", (socket) => socket.once("end", () => probeUntilClosed(socket, clients)));
}

function probeUntilClosed(socket: Socket, clients: ProxiedClients | null): void {
  const probes = setInterval(() => probe(socket, clients), PROBE_EVERY_MS).unref();
  socket.once("close", () => clearInterval(probes));
}

function probe(socket: Socket, clients: ProxiedClients | null): void {
  const { response } = connectionOf(socket, clients);
  // HTTP/1.0 has no interim responses.
  if (response === null || response.req.httpVersionMinor === 0) return;
  if (!response.headersSent && !response.destroyed) response.writeContinue();
}
