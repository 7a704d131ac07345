import type { ErrorEntry } from "../entry.ts";

/** Faults of a running program: each ends its instance and becomes the response. */
export const GUEST_ERRORS = {
  TER_GUEST_PANIC: {
    kind: "guest",
    status: 500,
    exit: "failed",
    message: "The program panicked: {message}",
    fix: "Fix the program: its message says what it did not expect",
    verbatim: true,
  },
  TER_GUEST_TRAP: {
    kind: "guest",
    status: 500,
    exit: "failed",
    message: "The program trapped: {trap}",
    fix: "Fix the program at the source location that follows the message, if there is one",
    verbatim: true,
  },
  TER_GUEST_BAD_CALL: {
    kind: "guest",
    status: 500,
    exit: "failed",
    message: "The program called {hostcall} incorrectly: {reason}",
    fix: "Compare the call with docs/reference/hostcalls.md",
  },
  TER_GUEST_NO_ALLOCATOR: {
    kind: "guest",
    status: 500,
    exit: "failed",
    message: "{hostcall} has something to return, but the program never called hostcall_init_mm",
    fix: "Call hostcall_init_mm first, with the program's malloc and free, or export both by these names",
  },
  TER_GUEST_LIMIT: {
    kind: "guest",
    status: 500,
    exit: "refused",
    message: "The program exceeded its limit of {limit}: used {used}, the limit is {allowed}",
    fix: "{fix}",
  },
  TER_GUEST_ABORTED: {
    kind: "user",
    status: 499,
    exit: "failed",
    message: "The client disconnected before the program answered",
    fix: "Give the client more time, or make the program answer sooner",
  },
} as const satisfies Record<string, ErrorEntry>;
