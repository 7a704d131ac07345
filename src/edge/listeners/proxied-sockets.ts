// Connections that begin with the PROXY protocol: the preamble is read off before HTTP or TLS sees them.
import { createServer, type Server, type Socket } from "node:net";
import type { TrustedProxies } from "../request/trusted-proxies.ts";
import { bareAddress } from "../request/client-address.ts";
import { readPreamble } from "./proxy-protocol.ts";
import { HEADER_TIMEOUT_MS } from "./settings.ts";

/** Addresses of clients by connection, as their proxies told them. */
export class ProxiedClients {
  readonly #addresses = new Map<string, string>();

  /** The client's address; null if no proxy told one. */
  of(socket: Socket): string | null {
    return this.#addresses.get(keyOf(socket)) ?? null;
  }

  note(socket: Socket, address: string): void {
    const key = keyOf(socket);
    this.#addresses.set(key, address);
    socket.once("close", () => this.#addresses.delete(key));
  }
}

/** Accepts connections for `server`. Those that are not from a proxy, or not in its language, are closed. */
export function createFront(server: Server, proxies: TrustedProxies, clients: ProxiedClients): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    const isTrusted = proxies.has(bareAddress(socket.remoteAddress));
    // The supervisor sees for itself whether a deployment answers.
    if (!isTrusted && socket.remoteAddress !== socket.localAddress) return void socket.destroy();
    const late = setTimeout(() => socket.destroy(), HEADER_TIMEOUT_MS).unref();
    socket.once("close", () => clearTimeout(late));
    let read = Buffer.alloc(0);
    const hear = () => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      read = Buffer.concat([read, chunk]);
      const preamble = readPreamble(read);
      if (preamble === "more") return;
      if (preamble === null || (preamble.address !== null && !isTrusted)) return void socket.destroy();
      clearTimeout(late);
      socket.removeListener("readable", hear);
      if (preamble.address !== null) clients.note(socket, preamble.address);
      const rest = read.subarray(preamble.bytes);
      if (rest.length > 0) socket.unshift(rest);
      server.emit("connection", socket);
    };
    socket.on("readable", hear);
  });
}

/** Both ends of a TCP connection; TLS sockets show those of the connection below. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
