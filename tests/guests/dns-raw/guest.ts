import { hostcall_dns_query_raw } from "http_guest/hostcalls";
import { begin, finish, length, LENGTH_CELL, number, pointer, POINTER_CELL } from "./prelude";

const KNOWN: StaticArray<u8> = [
  0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 4, 0x74, 0x65, 0x73, 0x74, 0, 0, 1, 0, 1,
];
const UNKNOWN: StaticArray<u8> = [
  0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x62, 4, 0x74, 0x65, 0x73, 0x74, 0, 0, 1, 0, 1,
];

// Says the result, the answer's length, transaction id, response code, and its last four bytes.
function query(message: StaticArray<u8>, count: i32): void {
  store<u32>(LENGTH_CELL, 77);
  number(hostcall_dns_query_raw(POINTER_CELL, LENGTH_CELL, changetype<usize>(message), <usize>count));
  const answer = pointer();
  const len = length();
  number(len);
  if (answer == 0) return;
  number(((<i32>load<u8>(answer)) << 8) | load<u8>(answer, 1));
  number(load<u8>(answer, 3) & 15);
  for (let i = len - 4; i < len; i++) number(load<u8>(answer + i));
  heap.free(answer);
}

export function run(): void {
  switch (begin()) {
    case 1:
      query(UNKNOWN, UNKNOWN.length);
      break;
    case 2:
      query(KNOWN, 3);
      break;
    default:
      query(KNOWN, KNOWN.length);
  }
  finish();
}
