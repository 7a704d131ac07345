// Opens listeners, on sockets of the supervisor's or at addresses, and Unix sockets that only the owner can
// reach.
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { dirname } from "node:path";
import type { ListenAddress } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";

const BACKLOG = 1024;

/** A TCP socket that another process bound and passed on: Node's internal handle, which only `net` uses. */
export type BoundSocket = object;

/** Sockets to listen on; null where the edge opens one itself, at the configured address. */
export interface BoundSockets {
  readonly http: BoundSocket | null;
  readonly https: BoundSocket | null;
}

/** Listens on the socket, or on the address. Returns the port. */
export async function listenTcp(
  server: Server,
  address: ListenAddress,
  socket: BoundSocket | null,
): Promise<number> {
  const open = () =>
    socket === null
      ? server.listen({ host: address.host, port: address.port, backlog: BACKLOG })
      : server.listen(socket, BACKLOG);
  await opened(server, open).catch((cause: unknown) => {
    throw cannotListen(`${address.host}:${address.port}`, cause);
  });
  return (server.address() as AddressInfo).port;
}

/** Listens on a Unix socket. The folder keeps everyone else out even before the socket's own mode does. */
export async function listenUnix(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  await opened(server, () => server.listen({ path })).catch((cause: unknown) => {
    throw cannotListen(path, cause);
  });
  chmodSync(path, 0o600);
}

function opened(server: Server, open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.removeListener("error", reject);
      resolve();
    });
    open();
  });
}

function cannotListen(
  address: string,
  cause: unknown,
  fix = "Choose another address with --listen",
): TerrariumError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TerrariumError("TER_CANNOT_LISTEN", { address, reason, fix }, { cause });
}
