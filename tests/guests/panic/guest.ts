import { hostcall_debug, hostcall_panic_hook, hostcall_resp_set_body, OUTGOING } from "http_guest/hostcalls";
import { Utf8 } from "./prelude";

export function run(): void {
  const text = new Utf8("never sent");
  hostcall_resp_set_body(OUTGOING, text.pointer, text.length);
  const message = new Utf8("out of cheese");
  hostcall_panic_hook(message.pointer, message.length);
  hostcall_debug(text.pointer, text.length);
}
