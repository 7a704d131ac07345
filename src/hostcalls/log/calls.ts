// hostcall_debug: one line of the deployment's log.
import { NUL_TERMINATED } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { memoryBytes, readText } from "../memory/guest-memory.ts";
import { badCall } from "../call-errors.ts";

export const DEBUG_CALLS = {
  hostcall_debug(run, messagePtr, messageLen) {
    const length = messageLen === NUL_TERMINATED ? lengthUntilNul(run, messagePtr >>> 0) : messageLen;
    run.state.log.debug(readText(run, messagePtr, length, "the message"));
  },
} satisfies Calls<"debug">;

function lengthUntilNul(run: CallContext, start: number): number {
  const memory = memoryBytes(run);
  const end = start < memory.length ? memory.indexOf(0, start) : -1;
  if (end < 0) throw badCall("the message has no NUL at its end");
  return end - start;
}
