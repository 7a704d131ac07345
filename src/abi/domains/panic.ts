// Ending a program from inside.
import { inText } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

export const PANIC_HOSTCALLS = {
  hostcall_panic_hook: {
    domain: "panic",
    params: [...inText("msg")],
    result: null,
    maySuspend: false,
    summary: "Ends the instance; the message becomes the text of a 500 response.",
    example: `hostcall_panic_hook("out of cheese", 13);`,
  },
} as const satisfies HostcallTable;
