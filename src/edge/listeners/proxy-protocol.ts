// The PROXY protocol, by which a proxy that forwards connections says whose they are: a preamble of at most
// some hundred bytes before the client's own. https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
import { isIP } from "node:net";
import { bareAddress } from "../request/client-address.ts";

/** What a preamble says; `address` is null where the proxy speaks for itself, as in its health checks. */
export interface Preamble {
  readonly address: string | null;
  /** Of the preamble: what follows is the client's. */
  readonly bytes: number;
}

/** By the specification, version 1 has at most this many. */
const MAX_TEXT_BYTES = 107;
/** Version 2 has room for extensions, which nothing here reads. */
const MAX_BINARY_BYTES = 4096;
const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const BINARY_HEAD_BYTES = 16;
const TEXT = /^PROXY (?:UNKNOWN(?: [^\r\n]*)?|(TCP4|TCP6) ([0-9a-f:.]+) [0-9a-f:.]+ \d{1,5} \d{1,5})\r\n$/i;
/** What IPv4 addresses begin with in the form of IPv6. */
const MAPPED_IPV4 = Buffer.from("00000000000000000000ffff", "hex");
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 0x10: 4, 0x20: 16 };

/** "more" until the preamble is complete; null if these bytes do not begin one. */
export function readPreamble(bytes: Buffer): Preamble | "more" | null {
  if (bytes.length === 0) return "more";
  return bytes[0] === SIGNATURE[0] ? readBinary(bytes) : readText(bytes);
}

function readText(bytes: Buffer): Preamble | "more" | null {
  const end = bytes.subarray(0, MAX_TEXT_BYTES).indexOf("\n");
  const line = bytes.toString("latin1", 0, end === -1 ? MAX_TEXT_BYTES : end + 1);
  if (end === -1) return line.length < MAX_TEXT_BYTES && begins(line, "PROXY ") ? "more" : null;
  const match = TEXT.exec(line);
  if (match === null) return null;
  const [, family, address] = match;
  if (family === undefined || address === undefined) return { address: null, bytes: line.length };
  if (isIP(address) !== (family.toUpperCase() === "TCP4" ? 4 : 6)) return null;
  return { address: bareAddress(address), bytes: line.length };
}

function readBinary(bytes: Buffer): Preamble | "more" | null {
  const known = Math.min(bytes.length, SIGNATURE.length);
  if (!bytes.subarray(0, known).equals(SIGNATURE.subarray(0, known))) return null;
  if (bytes.length < BINARY_HEAD_BYTES) return "more";
  const [versionAndCommand = 0, family = 0] = bytes.subarray(12, 14);
  const total = BINARY_HEAD_BYTES + bytes.readUInt16BE(14);
  if (total > MAX_BINARY_BYTES || versionAndCommand >> 4 !== 2 || (versionAndCommand & 15) > 1) return null;
  if (bytes.length < total) return "more";
  const isLocal = (versionAndCommand & 15) === 0;
  const size = ADDRESS_BYTES[family & 0xf0];
  if (isLocal || size === undefined) return { address: null, bytes: total };
  if (total < BINARY_HEAD_BYTES + 2 * size + 4) return null;
  return {
    address: addressFrom(bytes.subarray(BINARY_HEAD_BYTES, BINARY_HEAD_BYTES + size)),
    bytes: total,
  };
}

function addressFrom(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.subarray(0, MAPPED_IPV4.length).equals(MAPPED_IPV4)) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The URL parser writes every address in one way.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function begins(text: string, start: string): boolean {
  return start.startsWith(text.slice(0, start.length));
}
