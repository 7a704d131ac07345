import { hostcall_dns_query_ip } from "http_guest/hostcalls";
import { begin, finish, length, LENGTH_CELL, number, pointer, POINTER_CELL, Utf8 } from "./prelude";

// Says the result, the count, and each address as its length and its bytes.
function query(name: string, ipv6: i32): void {
  const text = new Utf8(name);
  store<u32>(LENGTH_CELL, 77);
  number(hostcall_dns_query_ip(POINTER_CELL, LENGTH_CELL, text.pointer, text.length, ipv6));
  const addresses = pointer();
  const count = length();
  number(count);
  for (let i = 0; i < count; i++) {
    const bytes = load<usize>(addresses + 8 * i);
    const len = load<i32>(addresses + 8 * i, 4);
    number(len);
    for (let k = 0; k < len; k++) number(load<u8>(bytes + k));
    heap.free(bytes);
  }
  number(addresses == 0 ? 1 : 0);
  if (addresses != 0) heap.free(addresses);
}

export function run(): void {
  switch (begin()) {
    case 1:
      query("a.test", 1);
      break;
    case 2:
      query("b.test", 0);
      break;
    default:
      query("a.test", 0);
  }
  finish();
}
