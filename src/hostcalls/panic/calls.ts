// hostcall_panic_hook: the guest ends itself with a message.
import { TerrariumError } from "../../errors/index.ts";
import type { Calls } from "../calls.ts";
import { readText } from "../memory/guest-memory.ts";

/** Longest message that is shown: a backtrace fits, a dump of memory does not. */
const MAX_MESSAGE_CHARACTERS = 16 * 1024;

/** Rust's standard library panics with this at `SystemTime::now()` and `Instant::now()`. */
const NO_CLOCK = "time not implemented on this platform";
const CLOCK_ADVICE =
  "\nRust's standard library has no clock on this target: use Time::since_epoch() of http_guest, or " +
  "hostcall_time_now";

export const PANIC_CALLS = {
  hostcall_panic_hook(run, messagePtr, messageLen) {
    const text = readText(run, messagePtr, messageLen, MAX_MESSAGE_CHARACTERS * 4, "the message");
    const message = text.slice(0, MAX_MESSAGE_CHARACTERS);
    const advice = message.endsWith(NO_CLOCK) ? CLOCK_ADVICE : "";
    throw new TerrariumError("TER_GUEST_PANIC", { message: message + advice });
  },
} satisfies Calls<"panic">;
