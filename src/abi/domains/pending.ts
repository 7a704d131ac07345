// Pending requests: handles from `hostcall_req_send_async`, each consumed once.
import { ERROR, NOT_READY, pending, responseOrError } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

const SENT =
  `pending_request_t pending = ` +
  `hostcall_req_send_async(hostcall_req_create("GET", 3, "https://example.com/", 20));`;

export const PENDING_HOSTCALLS = {
  hostcall_pending_req_wait: {
    domain: "pending",
    params: [pending],
    result: responseOrError,
    maySuspend: true,
    summary: "Waits for the response of a pending request, which is consumed.",
    example: `${SENT}\nresponse_t resp = hostcall_pending_req_wait(pending);`,
  },
  hostcall_pending_req_poll: {
    domain: "pending",
    params: [pending],
    result: {
      type: "i32",
      role: "response",
      statuses: [
        { value: ERROR, meaning: "failed; the handle is consumed" },
        { value: NOT_READY, meaning: "not ready; the handle stays valid" },
      ],
    },
    maySuspend: true,
    summary:
      "Asks whether the response of a pending request is there; " +
      "the handle is consumed unless it is not ready.",
    example:
      `${SENT}\nresponse_t resp;\nwhile ((resp = ` +
      `hostcall_pending_req_poll(pending)) == RESPONSE_NOT_READY) {\n}`,
  },
  hostcall_pending_req_select: {
    domain: "pending",
    params: [
      { name: "pendings_ptr", type: "i32", role: "in-handles" },
      { name: "pendings_count", type: "i32", role: "length" },
      { name: "pending_out", type: "i32", role: "out-pending" },
    ],
    result: responseOrError,
    maySuspend: true,
    summary:
      "Waits until one of several pending requests is done, names it and consumes it; the others stay valid.",
    example:
      `${SENT}\npending_request_t finished;\nresponse_t resp = ` +
      `hostcall_pending_req_select(&pending, 1, &finished);`,
  },
} as const satisfies HostcallTable;
