// IP addresses as bytes: 4 or 16 of them. Checks work on bytes, because text has too many spellings of one
// address.
import { isIPv4, isIPv6 } from "node:net";

/** A block of addresses. */
export interface AddressBlock {
  readonly bytes: Uint8Array;
  readonly prefixBits: number;
}

/** The bytes of an address in its usual spelling (brackets allowed), or null. */
export function parseIpAddress(text: string): Uint8Array | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIPv4(bare)) return Uint8Array.from(bare.split("."), Number);
  return isIPv6(bare) && !bare.includes("%") ? parseIPv6(bare) : null;
}

/** The usual spelling of an address; IPv6 without shortening. */
export function formatIpAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return groups.join(":");
}

/** The block that `address/bits` (or one address) names, or null. */
export function parseBlock(text: string): AddressBlock | null {
  const [address = "", bits, ...rest] = text.split("/");
  const bytes = parseIpAddress(address);
  if (bytes === null || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null;
  const prefixBits = bits === undefined ? bytes.length * 8 : Number(bits);
  return prefixBits <= bytes.length * 8 ? { bytes, prefixBits } : null;
}

/** Whether an address lies in a block of its own family. */
export function isInBlock(address: Uint8Array, block: AddressBlock): boolean {
  if (address.length !== block.bytes.length) return false;
  const whole = block.prefixBits >> 3;
  for (let index = 0; index < whole; index += 1) if (address[index] !== block.bytes[index]) return false;
  const rest = block.prefixBits & 7;
  const mask = (0xff << (8 - rest)) & 0xff;
  return rest === 0 || ((address[whole] ?? 0) & mask) === ((block.bytes[whole] ?? 0) & mask);
}

/**
 * The IPv4 address that an IPv6 address stands for (IPv4-mapped, RFC 4291; NAT64 well-known prefix, RFC
 * 6052), else the address itself.
 */
export function unwrapped(address: Uint8Array): Uint8Array {
  return address.length === 16 && WRAPPERS.some((block) => isInBlock(address, block))
    ? address.slice(12)
    : address;
}

function parseIPv6(text: string): Uint8Array {
  const [left = "", right] = text.split("::");
  const head = groupBytes(left);
  const tail = right === undefined ? [] : groupBytes(right);
  const bytes = new Uint8Array(16);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** Bytes of colon-separated groups; the last may be a dotted IPv4 address. */
function groupBytes(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** A block written in the program text. */
export function blockOf(text: string): AddressBlock {
  const block = parseBlock(text);
  if (block === null) throw new TypeError(`${text} is not a block of addresses`);
  return block;
}

const WRAPPERS = ["::ffff:0:0/96", "64:ff9b::/96"].map(blockOf);
