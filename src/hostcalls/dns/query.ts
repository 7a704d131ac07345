// Queries that the platform creates, and the names they may contain.
import { domainToASCII } from "node:url";
import { CLASS_IN, TYPE } from "./message.ts";

/** A guest's query; a name, a type and EDNS options fit many times over. */
export const MAX_QUERY_BYTES = 4096;
/** The UDP size we announce: it fits the packets of every path (DNS flag day 2020). */
const UDP_PAYLOAD_BYTES = 1232;
const MAX_LABEL_BYTES = 63;
const MAX_NAME_CHARACTERS = 253;
/** A name as people write it, before it becomes ASCII. */
const MAX_SPELLED_CHARACTERS = 1024;
const RECURSION_DESIRED = 0x0100;

/** A host name in the form of queries: ASCII, lower case, no final dot; null if it is not a host name. */
export function toHostName(text: string): string | null {
  // Punycode takes quadratic time.
  if (text.length > MAX_SPELLED_CHARACTERS) return null;
  if (!/^[^\s\p{Cc}/:@?#[\]\\%]+$/u.test(text)) return null;
  const name = domainToASCII(text).replace(/\.$/, "");
  if (name === "" || name.length > MAX_NAME_CHARACTERS) return null;
  return name.split(".").every((label) => label.length > 0 && label.length <= MAX_LABEL_BYTES) ? name : null;
}

/** A query for one name and type, with EDNS. */
export function encodeQuery(name: string, type: number): Uint8Array {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]);
  return Uint8Array.of(
    ...u16(0),
    ...u16(RECURSION_DESIRED),
    ...u16(1),
    ...u16(0),
    ...u16(0),
    ...u16(1),
    ...labels,
    0,
    ...u16(type),
    ...u16(CLASS_IN),
    0,
    ...u16(TYPE.opt),
    ...u16(UDP_PAYLOAD_BYTES),
    0,
    0,
    0,
    0,
    0,
    0,
  );
}

function u16(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
