// Requests on their way.
import {
  ERROR,
  hostcall_pending_req_poll,
  hostcall_pending_req_select,
  hostcall_pending_req_wait,
  NOT_READY,
} from "./hostcalls";
import { clear, pointer, POINTER_CELL } from "./received";
import { Response } from "./response";

/** A request that was sent without waiting. Its response can be had once. */
export class PendingRequest {
  constructor(
    /** The host's handle; -1 if the request could not be sent. */
    readonly handle: i32,
  ) {}

  /** What a response has that answers no pending request. */
  static none(): PendingRequest {
    return new PendingRequest(ERROR);
  }

  /** Waits for the response. */
  wait(): Response {
    return this.finish(this.handle == ERROR ? ERROR : hostcall_pending_req_wait(this.handle));
  }

  /** The response if it is there, else one that is not `is_ready`. */
  poll(): Response {
    return this.finish(this.handle == ERROR ? ERROR : hostcall_pending_req_poll(this.handle));
  }

  /** Whether both are the same request. */
  @operator("==") equals(other: PendingRequest): bool {
    return this.handle == other.handle;
  }

  @operator("!=") differs(other: PendingRequest): bool {
    return this.handle != other.handle;
  }

  /** The response that a hostcall returned for this request. */
  finish(result: i32): Response {
    const response = Response.received(result);
    if (result != NOT_READY) response.pending_req = this;
    return response;
  }
}

/**
 * Waits until one of several requests is done; the response's `pending_req` says which. The others stay
 * valid.
 */
export function select(pending: Array<PendingRequest>): Response {
  const handles = new StaticArray<i32>(pending.length);
  for (let i = 0; i < pending.length; i++) {
    if (pending[i].handle == ERROR) return pending[i].finish(ERROR);
    handles[i] = pending[i].handle;
  }
  clear();
  const result = hostcall_pending_req_select(changetype<usize>(handles), <usize>handles.length, POINTER_CELL);
  const finished = <i32>pointer();
  for (let i = 0; i < pending.length; i++)
    if (pending[i].handle == finished) return pending[i].finish(result);
  return Response.received(result);
}
