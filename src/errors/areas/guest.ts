import type { ErrorEntry } from "../terrarium-error.ts";

/** Faults of a running program: each ends its instance and becomes the response. */
export const GUEST_ERRORS = {
  TER_GUEST_PANIC: { kind: "guest", status: 500, message: "The program panicked: {message}" },
  TER_GUEST_TRAP: { kind: "guest", status: 500, message: "The program trapped: {trap}" },
  TER_GUEST_BAD_CALL: {
    kind: "guest",
    status: 500,
    message: "The program called {hostcall} wrongly: {reason}",
  },
  TER_GUEST_NO_ALLOCATOR: {
    kind: "guest",
    status: 500,
    message: "{hostcall} has something to return, but the program never called hostcall_init_mm",
  },
  TER_GUEST_LIMIT: {
    kind: "guest",
    status: 500,
    message: "The program reached its limit of {limit}: used {used}, allowed {allowed}{remedy}",
  },
  TER_GUEST_ABORTED: {
    kind: "user",
    status: 499,
    message: "The client went away before the program had answered",
  },
} as const satisfies Record<string, ErrorEntry>;
