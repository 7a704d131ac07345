import { hostcall_rng_next_u64 } from "http_guest/hostcalls";
import { begin, finish, number } from "./prelude";

export function run(): void {
  begin();
  number(<i64>hostcall_rng_next_u64());
  number(<i64>hostcall_rng_next_u64());
  finish();
}
