import type { ErrorEntry } from "../entry.ts";

/** The command `terrarium`, and the studio's side of a conversation with the server. */
export const COMMAND_ERRORS = {
  TER_USAGE: {
    kind: "user",
    status: 400,
    exit: "usage",
    message: "{reason}",
    fix: "{fix}",
  },
  TER_PATH: {
    kind: "user",
    status: 400,
    exit: "usage",
    message: "Cannot {action} {path}: {reason}",
    fix: "{fix}",
  },
  TER_UNREACHABLE: {
    kind: "user",
    status: 503,
    exit: "unreachable",
    message: "No server answers at {server} ({reason})",
    fix: "Start one with `terrarium serve`, or name another with --server URL",
  },
  TER_BAD_ANSWER: {
    kind: "user",
    status: 502,
    exit: "failed",
    message: "{server} answered {status} without a reason: it may not be a Terrarium server",
    fix: "Name another server with --server URL",
  },
  TER_CUT_OFF: {
    kind: "system",
    status: 502,
    exit: "unreachable",
    message: "The server closed the connection before its answer was complete",
    fix: "Try again",
  },
  TER_INTERRUPTED_BY_USER: {
    kind: "user",
    status: 499,
    exit: "interrupted",
    message: "{reason}",
    fix: "{fix}",
  },
  TER_UNKNOWN_CODE: {
    kind: "system",
    status: 500,
    exit: "failed",
    message: "{message} (`{code}`, an error that this version does not know)",
    fix: "{fix}",
  },
} as const satisfies Record<string, ErrorEntry>;
