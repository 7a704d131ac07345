// Pending requests: each handle is consumed once, when the guest learns how its request ended.
import { ERROR, NOT_READY } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { readNumbers, viewBytes, writeU32 } from "../memory/guest-memory.ts";
import { oneTurn, whenDone } from "../waiting.ts";
import { conclude } from "./sending.ts";
import type { Pending } from "./subrequests.ts";

/** What `pending_out` gets when the list of handles is empty. */
const NO_HANDLE = -1;

export const PENDING_CALLS = {
  hostcall_pending_req_wait(run, handle) {
    const pending = run.state.http.pendings.take(handle);
    if (pending === undefined) return ERROR;
    return whenDone(run, pending.settled ?? pending.done, (settled) => conclude(run, settled));
  },
  hostcall_pending_req_poll(run, handle) {
    const pending = run.state.http.pendings.get(handle);
    if (pending === undefined) return ERROR;
    if (pending.settled !== null) return finish(run, handle, pending);
    // A guest polls in a loop: without a turn of the event loop in between, no answer could ever arrive.
    return whenDone(run, oneTurn(), () => finish(run, handle, pending));
  },
  hostcall_pending_req_select(run, handlesPtr, count, pendingOut) {
    viewBytes(run, pendingOut, 4, "the out-parameter for the handle that finished");
    const handles = readNumbers(
      run,
      handlesPtr,
      count,
      "the list of handles",
      run.state.services.limits.handles,
    );
    const candidates = handles.map((handle) => ({ handle, pending: run.state.http.pendings.get(handle) }));
    const stale = candidates.find(({ pending }) => pending === undefined);
    if (stale !== undefined || handles.length === 0) {
      writeU32(run, pendingOut, stale?.handle ?? NO_HANDLE, "the out-parameter for the handle that finished");
      return ERROR;
    }
    return whenDone(run, firstOf(candidates), ({ handle, pending }) => {
      writeU32(run, pendingOut, handle, "the out-parameter for the handle that finished");
      return finish(run, handle, pending);
    });
  },
} satisfies Calls<"pending">;

interface Finished {
  readonly handle: number;
  readonly pending: Pending;
}

/** The first that is already done, otherwise the first to finish. */
function firstOf(
  candidates: readonly { readonly handle: number; readonly pending: Pending | undefined }[],
): Finished | Promise<Finished> {
  const known = candidates.flatMap(({ handle, pending }) =>
    pending === undefined ? [] : [{ handle, pending }],
  );
  const ready = known.find(({ pending }) => pending.settled !== null);
  return ready ?? Promise.race(known.map((candidate) => candidate.pending.done.then(() => candidate)));
}

/** Consumes a handle whose request ended; NOT_READY if it has not. */
function finish(run: CallContext, handle: number, pending: Pending): number {
  if (pending.settled === null) return NOT_READY;
  run.state.http.pendings.take(handle);
  return conclude(run, pending.settled);
}
