// Who counts as one client: whoever has an IPv4 address, or an IPv6 network of 64 bits, which is what a
// provider gives to one customer.
import { isIPv6 } from "node:net";

/** What quotas and shares count by: `192.0.2.1`, or `2001:db8:0:1::/64`. */
export function sourceOf(clientAddress: string): string {
  if (!isIPv6(clientAddress)) return clientAddress;
  const groups = expanded(clientAddress).slice(0, 4);
  return `${groups.join(":")}::/64`;
}

/** The eight groups of an address, without leading zeros. */
function expanded(address: string): string[] {
  // The URL parser writes every address in one way, dotted quads included.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const first = head === "" ? [] : head.split(":");
  if (tail === undefined) return first;
  const last = tail === "" ? [] : tail.split(":");
  return [...first, ...Array<string>(8 - first.length - last.length).fill("0"), ...last];
}
