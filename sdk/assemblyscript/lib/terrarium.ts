// What the compiler itself calls: asc is told to use these by `--use abort=terrarium_abort` and so on.
import { hostcall_panic_hook } from "./http_guest/hostcalls";
import { debug } from "./http_guest/debug";
import { rng_next_u64 } from "./http_guest/random";

/** Behind `throw`, `abort`, `assert` and the runtime's own checks. */
// @ts-ignore: decorator
@global function terrarium_abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  report(changetype<usize>(message), changetype<usize>(file), line, column);
  unreachable();
}

// Below, strings are addresses. The functions behind abort neither allocate nor hold managed objects: asc
// compiles them while it makes the check of its own stack, which may not need that check in turn; and abort
// has to work when memory is used up.
function report(message: usize, file: usize, line: u32, column: u32): void {
  const start = free_memory(3 * (units_of(message) + units_of(file)) + 64);
  let end = units_of(message) == 0 ? put_word(start) : put_text(start, message);
  if (file != 0 && line != 0) {
    end = put_text(put_byte(put_byte(end, 0x20), 0x28), file);
    end = put_digits(put_byte(end, 0x3a), line);
    end = put_digits(put_byte(end, 0x3a), column);
    end = put_byte(end, 0x29);
  }
  hostcall_panic_hook(start, end - start);
}

// New pages; if there are none, the end of the memory, which nobody reads again.
function free_memory(size: u32): usize {
  const end = <usize>memory.size() << 16;
  return memory.grow((size + 0xffff) >>> 16) < 0 ? end - <usize>size : end;
}

// The size of an object in bytes lies right before it.
function units_of(text: usize): u32 {
  return text == 0 ? 0 : load<u32>(text - 4) >>> 1;
}

// UTF-8 by hand: the standard encoder may throw, and so would call abort.
function put_text(at: usize, text: usize): usize {
  const units = units_of(text);
  for (let i: u32 = 0; i < units; i++) {
    let code = unit_at(text, i);
    if ((code & 0xfc00) == 0xd800 && i + 1 < units && (unit_at(text, i + 1) & 0xfc00) == 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (unit_at(text, ++i) & 0x3ff);
    }
    at = put_code(at, code);
  }
  return at;
}

function unit_at(text: usize, index: u32): u32 {
  return load<u16>(text + (<usize>index << 1));
}

function put_code(at: usize, code: u32): usize {
  if (code < 0x80) return put_byte(at, <u8>code);
  if (code < 0x800) return put_tail(put_byte(at, <u8>(0xc0 | (code >>> 6))), code);
  if (code < 0x10000) return put_tail(put_tail(put_byte(at, <u8>(0xe0 | (code >>> 12))), code >>> 6), code);
  const head = put_byte(at, <u8>(0xf0 | (code >>> 18)));
  return put_tail(put_tail(put_tail(head, code >>> 12), code >>> 6), code);
}

function put_tail(at: usize, bits: u32): usize {
  return put_byte(at, <u8>(0x80 | (bits & 0x3f)));
}

function put_byte(at: usize, byte: u8): usize {
  store<u8>(at, byte);
  return at + 1;
}

// "abort", for want of a message.
function put_word(at: usize): usize {
  return put_byte(put_byte(put_byte(put_byte(put_byte(at, 0x61), 0x62), 0x6f), 0x72), 0x74);
}

function put_digits(at: usize, value: u32): usize {
  const next = value >= 10 ? put_digits(at, value / 10) : at;
  return put_byte(next, <u8>(0x30 + (value % 10)));
}

/** Behind `trace`. */
// @ts-ignore: decorator
@global function terrarium_trace(
  message: string,
  count: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
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
