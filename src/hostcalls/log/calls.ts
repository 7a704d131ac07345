// hostcall_debug: one line of the deployment's log.
import { NUL_TERMINATED } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import { badCall, limitReached } from "../call-errors.ts";
import type { Calls } from "../calls.ts";
import { chargeWork } from "../host-work.ts";
import { checkCopy, memoryBytes, viewBytes } from "../memory/guest-memory.ts";

export const DEBUG_CALLS = {
  hostcall_debug(run, messagePtr, messageLen) {
    const length = messageLen === NUL_TERMINATED ? lengthUntilNul(run, messagePtr >>> 0) : messageLen;
    const message = viewBytes(run, messagePtr, length, "the message");
    checkCopy(run, message.length);
    run.state.log.debug(message, (units) => chargeWork(run, units));
  },
} satisfies Calls<"debug">;

/** Searches no further than one hostcall may copy. */
function lengthUntilNul(run: CallContext, start: number): number {
  const { copyBytes } = run.state.services.limits;
  const searched = memoryBytes(run).subarray(start, start + copyBytes + 1);
  chargeWork(run, searched.length >>> SEARCH_SHIFT);
  const length = searched.indexOf(0);
  if (length >= 0) return length;
  if (searched.length <= copyBytes) throw badCall("the message has no NUL at its end");
  throw limitReached("bytes copied by one hostcall", searched.length, copyBytes, "copyBytes");
}

/** The search looks at 16 bytes and more at once. */
const SEARCH_SHIFT = 3;
