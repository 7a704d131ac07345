// Which addresses guests may connect to: public ones, and what the operator allows; never the platform's own
// listeners. Ranges from the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its
// updates).
import { networkInterfaces } from "node:os";
import { blockOf, isInBlock, parseIpAddress, parseBlock, unwrapped, type AddressBlock } from "./address.ts";

const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map(blockOf);

/** Only this block of IPv6 is allocated for the internet. */
const GLOBAL_UNICAST_V6 = blockOf("2000::/3");
/**
 * Protocol assignments with Teredo, documentation, 6to4: these name or embed addresses that are not public.
 */
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(blockOf);

/** A listener of the platform itself: control API, edge, store. */
export interface OwnEndpoint {
  /** An address; an unspecified one means every address of this machine. */
  readonly address: string;
  readonly port: number;
}

/** What one connection is checked against. */
export interface AddressPolicy {
  /** Null if a guest may connect there, else why not; never names the address. */
  refusal(address: Uint8Array, port: number): string | null;
  /** The same for an address that the operator has put in place of a name. */
  refusalOfGranted(address: Uint8Array, port: number): string | null;
}

/** A policy; throws TypeError if a block of `allowed` cannot be read. */
export function createAddressPolicy(
  allowed: readonly string[],
  own: () => readonly OwnEndpoint[],
  interfaces: typeof networkInterfaces = networkInterfaces,
): AddressPolicy {
  const blocks = allowed.map(readBlock);
  const refusalOfGranted = (address: Uint8Array, port: number) =>
    own().some((endpoint) => endpoint.port === port && isAt(unwrapped(address), endpoint.address, interfaces))
      ? "the address belongs to the platform itself"
      : null;
  return {
    refusalOfGranted,
    refusal(address, port) {
      const plain = unwrapped(address);
      if (!blocks.some((block) => isInBlock(plain, block))) {
        if (!isPublic(plain)) return "the address is not a public one";
        // What listens here may trust whoever comes from here.
        if (isThisMachine(plain, interfaces)) return "the address belongs to this machine";
      }
      return refusalOfGranted(address, port);
    },
  };
}

/** Whether an address certainly belongs to the public internet. */
export function isPublic(address: Uint8Array): boolean {
  const plain = unwrapped(address);
  if (plain.length === 4) return !NOT_PUBLIC_V4.some((block) => isInBlock(plain, block));
  return (
    plain.length === 16 &&
    isInBlock(plain, GLOBAL_UNICAST_V6) &&
    !NOT_PUBLIC_V6.some((block) => isInBlock(plain, block))
  );
}

function readBlock(text: string): AddressBlock {
  const block = parseBlock(text);
  if (block === null) throw new TypeError(`${text} is not a block of addresses such as 10.0.0.0/8`);
  return block;
}

/** Whether connecting to `address` reaches a listener that is bound to `bound`. */
function isAt(address: Uint8Array, bound: string, interfaces: typeof networkInterfaces): boolean {
  const own = parseIpAddress(bound);
  if (own === null) return false;
  const plain = unwrapped(own);
  return plain.every((byte) => byte === 0)
    ? isThisMachine(address, interfaces)
    : isSame(address, plain) || (isLoopback(plain) && isUnspecified(address));
}

function isThisMachine(address: Uint8Array, interfaces: typeof networkInterfaces): boolean {
  if (isLoopback(address) || isUnspecified(address)) return true;
  return Object.values(interfaces())
    .flat()
    .some((entry) => {
      const own = entry === undefined ? null : parseIpAddress(entry.address.replace(/%.*$/, ""));
      return own !== null && isSame(unwrapped(own), address);
    });
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Connecting to 0.0.0.0 or :: reaches this machine. */
function isUnspecified(address: Uint8Array): boolean {
  return address.every((byte) => byte === 0);
}

function isLoopback(address: Uint8Array): boolean {
  return address.length === 4 ? address[0] === 127 : isSame(address, LOOPBACK_V6);
}

const LOOPBACK_V6 = blockOf("::1").bytes;
