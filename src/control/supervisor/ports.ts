// Whether an address is free. Edges share their port (SO_REUSEPORT), and would also share it with another
// server of the same user without an error, so the supervisor checks first.
import { createServer } from "node:net";
import { formatAddress } from "../../config/address.ts";
import type { ListenAddress } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";

/** Throws TER_CANNOT_LISTEN, with an address that may be free, unless a listener can open there now. */
export async function checkFree(address: ListenAddress, flag: string): Promise<void> {
  if (address.port === 0) return;
  const code = await tryListen(address);
  if (code === null) return;
  throw listenError(code, address, flag);
}

function tryListen({ host, port }: ListenAddress): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown error"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Why nothing can listen there, with a flag that would fix it. `code` is the system's error code. */
export function listenError(code: string, address: ListenAddress, flag: string): TerrariumError {
  return new TerrariumError("TER_CANNOT_LISTEN", {
    address: formatAddress(address),
    ...explain(code, address, flag),
  });
}

function explain(code: string, address: ListenAddress, flag: string): { reason: string; fix: string } {
  const other = formatAddress({ ...address, port: address.port < 1024 ? 8080 : address.port + 1 });
  const fix = `Choose another address: ${flag} ${other}`;
  if (code === "EADDRINUSE") return { reason: "another program uses it", fix };
  if (code === "EACCES")
    return {
      reason: "ports below 1024 need privileges that this process does not have",
      fix: `Choose a port above 1023: ${flag} ${other}`,
    };
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return {
      reason: "this machine does not have that address",
      fix: `Choose another address: ${flag} ${formatAddress({ host: "127.0.0.1", port: address.port })}`,
    };
  return { reason: code, fix };
}
