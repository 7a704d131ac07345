import { hostcall_req_get_method, hostcall_req_get_path, INCOMING } from "http_guest/hostcalls";
import { begin, create, finish, LENGTH_CELL, POINTER_CELL, value } from "./prelude";

export function run(): void {
  switch (begin()) {
    case 1:
      hostcall_req_get_method(POINTER_CELL, LENGTH_CELL, 99);
      break;
    case 2:
      hostcall_req_get_path(POINTER_CELL, LENGTH_CELL, create("GET", "http://example.com/"));
      break;
    default:
      hostcall_req_get_method(POINTER_CELL, LENGTH_CELL, INCOMING);
      value();
      hostcall_req_get_path(POINTER_CELL, LENGTH_CELL, INCOMING);
      value();
  }
  finish();
}
