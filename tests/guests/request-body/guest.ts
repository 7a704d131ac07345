import { hostcall_req_get_body, INCOMING } from "http_guest/hostcalls";
import { begin, finish, length, LENGTH_CELL, number, POINTER_CELL, value } from "./prelude";

export function run(): void {
  const request = begin() == 1 ? 99 : INCOMING;
  store<u32>(LENGTH_CELL, 77);
  hostcall_req_get_body(POINTER_CELL, LENGTH_CELL, request);
  number(length());
  value();
  finish();
}
