// Addresses as flags spell them: `127.0.0.1:8080`, `[::1]:8443`, `:8080`, `8080`,
// `example.com:443:127.0.0.1:9000`.
import { BlockList, isIP } from "node:net";
import type { ListenAddress, ResolveRule } from "./types.ts";

/** Undefined if the text is not `HOST:PORT`, `[IPv6]:PORT`, `:PORT` or `PORT`. */
export function parseListenAddress(text: string, defaultHost = "127.0.0.1"): ListenAddress | undefined {
  const match = /^(?:(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*)):)?(\d{1,5})$/i.exec(text.trim());
  if (match === null) return undefined;
  const port = Number(match[3]);
  const host = match[1] ?? (match[2] || defaultHost);
  return port <= 65_535 && (match[1] === undefined || isIP(match[1]) === 6) ? { host, port } : undefined;
}

/** The inverse of `parseListenAddress`: IPv6 in brackets. */
export function formatAddress(address: ListenAddress): string {
  return isIP(address.host) === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Undefined if the text is not `NAME:PORT:ADDR[:PORT]`; IPv6 addresses are in brackets. */
export function parseResolveRule(text: string): ResolveRule | undefined {
  const match = /^([^:[\]\s]+):(\d{1,5}):(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, name = "", port, six, four, toPort = port] = match;
  const rule = {
    name: name.toLowerCase(),
    port: Number(port),
    address: six ?? four ?? "",
    toPort: Number(toPort),
  };
  return isIP(rule.address) !== 0 && isPort(rule.port) && isPort(rule.toPort) ? rule : undefined;
}

/** True for `10.0.0.0/8`, `fd00::/8`, and for a bare address. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** True if only this machine reaches a listener there. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 4 ? "ipv4" : "ipv6");
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
