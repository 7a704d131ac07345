import { hostcall_debug } from "http_guest/hostcalls";
import { Utf8 } from "./prelude";

export function run(): void {
  const counted = new Utf8("by length, no more");
  hostcall_debug(counted.pointer, 9);
  const terminated = new Utf8("to its NUL\0nothing of this");
  hostcall_debug(terminated.pointer, -1);
  hostcall_debug(0, 0);
}
