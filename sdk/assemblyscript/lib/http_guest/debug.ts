// The deployment's log.
import { hostcall_debug } from "./hostcalls";
import { Utf8 } from "./utf8";

/** Writes one line to the deployment's log. */
export function debug(message: string): void {
  const text = new Utf8(message);
  hostcall_debug(text.pointer, text.length);
}
