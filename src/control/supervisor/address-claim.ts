// One address, one platform. Sockets that share a port do not keep out a second server of the same user, so
// each server also holds a name for its address: an abstract Unix socket, which the kernel gives to one
// process per network namespace and takes back when that process ends, however it ends. Other systems only
// check whether the address is free.
import { createServer } from "node:net";
import { formatAddress } from "../../config/address.ts";
import type { ListenAddress } from "../../config/index.ts";
import { listenError } from "./ports.ts";

/** Returns the function that releases the address. Throws TER_CANNOT_LISTEN if another server has it. */
export async function claimAddress(address: ListenAddress, flag: string): Promise<() => void> {
  if (address.port === 0 || process.platform !== "linux") return () => undefined;
  const claim = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    claim.once("error", (error: NodeJS.ErrnoException) =>
      reject(listenError(error.code ?? "unknown error", address, flag)),
    );
    claim.listen({ path: `\0terrarium:${formatAddress(address)}` }, resolve);
  });
  claim.unref();
  return () => void claim.close();
}
