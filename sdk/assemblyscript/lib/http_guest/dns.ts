// Name resolution.
import { hostcall_dns_query_ip, hostcall_dns_query_raw } from "./hostcalls";
import { LENGTH_CELL, POINTER_CELL, take_byte_strings, take_bytes } from "./received";
import { Utf8 } from "./utf8";

/** Sends a whole DNS message; the whole answer, or null on failure. */
export function dns_query_raw(query: Array<u8>): Array<u8> | null {
  const ok = hostcall_dns_query_raw(POINTER_CELL, LENGTH_CELL, query.dataStart, <usize>query.length);
  return ok == 1 ? take_bytes() : null;
}

/** The addresses of a name, 4 bytes each (16 for IPv6), or null if there is none. */
export function dns_query_ip(name: string, ipv6: bool = false): Array<Array<u8>> | null {
  const text = new Utf8(name);
  const ok = hostcall_dns_query_ip(POINTER_CELL, LENGTH_CELL, text.pointer, text.length, ipv6 ? 1 : 0);
  return ok == 1 ? take_byte_strings() : null;
}
