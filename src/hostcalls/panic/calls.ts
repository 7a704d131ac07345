// hostcall_panic_hook: the guest ends itself with a message.
import { TerrariumError } from "../../errors/index.ts";
import type { Calls } from "../calls.ts";
import { readText } from "../memory/guest-memory.ts";

/** Longest message that is shown: a backtrace fits, a dump of memory does not. */
const MAX_MESSAGE_CHARACTERS = 16 * 1024;

export const PANIC_CALLS = {
  hostcall_panic_hook(run, messagePtr, messageLen) {
    const text = readText(run, messagePtr, messageLen, MAX_MESSAGE_CHARACTERS * 4, "the message");
    throw new TerrariumError("TER_GUEST_PANIC", { message: text.slice(0, MAX_MESSAGE_CHARACTERS) });
  },
} satisfies Calls<"panic">;
