// How a program gives up.
import { hostcall_panic_hook } from "./hostcalls";
import { Utf8 } from "./utf8";

/** Ends the run; the message becomes the text of a 500 response. */
export function panic(message: string): void {
  const text = new Utf8(message);
  hostcall_panic_hook(text.pointer, text.length);
  unreachable();
}
