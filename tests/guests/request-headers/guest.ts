import { hostcall_req_get_header, hostcall_req_get_headers, INCOMING } from "http_guest/hostcalls";
import {
  begin,
  create,
  finish,
  length,
  LENGTH_CELL,
  list,
  number,
  pointer,
  POINTER_CELL,
  Utf8,
} from "./prelude";

function get(request: i32, name: string): void {
  const text = new Utf8(name);
  hostcall_req_get_header(POINTER_CELL, LENGTH_CELL, request, text.pointer, text.length);
}

export function run(): void {
  switch (begin()) {
    case 1:
      hostcall_req_get_headers(POINTER_CELL, LENGTH_CELL, 99);
      break;
    case 2:
      get(create("GET", "http://example.com/"), "host");
      break;
    default:
      hostcall_req_get_headers(POINTER_CELL, LENGTH_CELL, INCOMING);
      list();
      get(INCOMING, "X-maNY");
      list();
      get(INCOMING, "x-empty");
      number(length());
      number(load<u32>(pointer()) != 0 ? 1 : 0);
      number(load<u32>(pointer(), 4));
      store<u32>(LENGTH_CELL, 77);
      get(INCOMING, "x-absent");
      list();
      number(length());
  }
  finish();
}
