// Whether an address is free. Edges share their port (SO_REUSEPORT), so a second server would bind beside the
// first without an error and steal half of its connections: the supervisor looks first.
import { createServer } from "node:net";
import { formatAddress } from "../../config/address.ts";
import type { ListenAddress } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";

/** Throws TER_CANNOT_LISTEN, with a line that would help, unless a listener could open there now. */
export async function checkFree(address: ListenAddress, flag: string): Promise<void> {
  if (address.port === 0) return;
  const code = await tryListen(address);
  if (code === null) return;
  throw new TerrariumError("TER_CANNOT_LISTEN", { reason: explain(code, address, flag) });
}

function tryListen({ host, port }: ListenAddress): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown error"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function explain(code: string, address: ListenAddress, flag: string): string {
  const where = formatAddress(address);
  const other = formatAddress({ ...address, port: address.port < 1024 ? 8080 : address.port + 1 });
  if (code === "EADDRINUSE") return `${where} is in use by another program; choose another: ${flag} ${other}`;
  if (code === "EACCES")
    return (
      `${where} needs privileges that this process does not ` +
      `have; choose a port above 1023: ${flag} ${other}`
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${address.host} is no address of this machine; choose another: ${flag} 127.0.0.1:${address.port}`;
  return `Cannot listen at ${where} (${code}): ${flag} ${other}`;
}
