// Opens listeners, shared between edges by SO_REUSEPORT, and Unix sockets that only the owner can reach.
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type { AddressInfo, ListenOptions, Server } from "node:net";
import { dirname } from "node:path";
import type { ListenAddress } from "../../config/index.ts";
import { Reason, TerrariumError } from "../../errors/index.ts";

/** What systems answer that cannot share a port. */
const CANNOT_SHARE: ReadonlySet<string | undefined> = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOPROTOOPT"]);
const BACKLOG = 1024;

/** Listens on a TCP address; `shared`: other edges listen there, too. Returns the port. */
export async function listenTcp(server: Server, address: ListenAddress, shared: boolean): Promise<number> {
  const options = { host: address.host, port: address.port, backlog: BACKLOG };
  try {
    // Also with one edge: its successor starts before it has drained.
    await listen(server, { ...options, reusePort: true });
  } catch (error) {
    if (!CANNOT_SHARE.has((error as NodeJS.ErrnoException).code))
      throw cannotListen(`${address.host}:${address.port}`, error);
    if (shared)
      throw cannotListen(
        `${address.host}:${address.port}`,
        new Reason("this system cannot share a port between edges"),
        "Start with --edges 1",
      );
    await listen(server, options).catch((cause: unknown) => {
      throw cannotListen(`${address.host}:${address.port}`, cause);
    });
  }
  return (server.address() as AddressInfo).port;
}

/** Listens on a Unix socket. The folder keeps everyone else out even before the socket's own mode does. */
export async function listenUnix(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  await listen(server, { path }).catch((cause: unknown) => {
    throw cannotListen(path, cause);
  });
  chmodSync(path, 0o600);
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.removeListener("error", reject);
      resolve();
    });
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
