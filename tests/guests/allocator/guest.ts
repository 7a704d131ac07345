import {
  hostcall_init_mm,
  hostcall_req_get_header,
  hostcall_req_get_method,
  INCOMING,
} from "http_guest/hostcalls";
import { begin, finish, length, LENGTH_CELL, number, pointer, POINTER_CELL, Utf8 } from "./prelude";

let smallest: usize = 99;

function watching_malloc(size: usize): usize {
  smallest = min(smallest, size);
  return heap.alloc(size);
}

function free(pointer: usize): void {
  heap.free(pointer);
}

function count_zeros(): void {
  hostcall_req_get_method(POINTER_CELL, LENGTH_CELL, INCOMING);
  let zeros = 0;
  for (let i = 0; i < 16; i++) zeros += load<u8>(pointer() + length() + i) == 0 ? 1 : 0;
  number(zeros);
}

function watch(): void {
  const name = new Utf8("x-empty");
  hostcall_init_mm(watching_malloc.index, free.index);
  hostcall_req_get_header(POINTER_CELL, LENGTH_CELL, INCOMING, name.pointer, name.length);
  number(smallest > 0 ? 1 : 0);
}

export function run(): void {
  switch (begin()) {
    case 1:
      hostcall_init_mm(9999, free.index);
      hostcall_req_get_method(POINTER_CELL, LENGTH_CELL, INCOMING);
      break;
    case 2:
      watch();
      break;
    default:
      count_zeros();
  }
  finish();
}
