import { hostcall_time_now } from "http_guest/hostcalls";
import { begin, finish, number, pointer, POINTER_CELL } from "./prelude";

export function run(): void {
  begin();
  number(hostcall_time_now(POINTER_CELL));
  number(pointer());
  number(hostcall_time_now(0));
  finish();
}
