// What the compiler itself calls: asc is told to use these by `--use abort=terrarium_abort` and so on.
import { panic } from "./http_guest/panic";
import { debug } from "./http_guest/debug";
import { rng_next_u64 } from "./http_guest/random";

/** Behind `throw`, `abort`, `assert` and the runtime's own checks. */
// @ts-ignore: decorator
@global function terrarium_abort(message: string | null = null, file: string | null = null, line: u32 = 0, column: u32 = 0): void {
  let text = message === null || message.length == 0 ? "abort" : message;
  if (file !== null && line != 0) text += " (" + file + ":" + line.toString() + ":" + column.toString() + ")";
  panic(text);
}

/** Behind `trace`. */
// @ts-ignore: decorator
@global function terrarium_trace(message: string, count: i32 = 0, a0: f64 = 0, a1: f64 = 0, a2: f64 = 0, a3: f64 = 0, a4: f64 = 0): void {
  let text = message;
  if (count > 0) text += " " + a0.toString();
  if (count > 1) text += ", " + a1.toString();
  if (count > 2) text += ", " + a2.toString();
  if (count > 3) text += ", " + a3.toString();
  if (count > 4) text += ", " + a4.toString();
  debug(text);
}

/** Behind `Math.random`. */
// @ts-ignore: decorator
@global function terrarium_seed(): f64 {
  return reinterpret<f64>(rng_next_u64());
}
