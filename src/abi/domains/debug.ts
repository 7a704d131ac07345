// The deployment's log.
import { inText } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

export const DEBUG_HOSTCALLS = {
  hostcall_debug: {
    domain: "debug",
    params: [...inText("msg")],
    result: null,
    maySuspend: false,
    summary:
      "Writes one line to the deployment's log; a length of -1 means that the message ends at its first NUL.",
    example: `hostcall_debug("cache miss", -1);`,
  },
} as const satisfies HostcallTable;
