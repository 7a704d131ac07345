import type { ErrorEntry } from "../terrarium-error.ts";

/** The control API. */
export const CONTROL_ERRORS = {
  TER_NOT_FOUND: { kind: "user", status: 404, message: "There is no deployment {id}, or it has expired" },
  TER_BAD_REQUEST: { kind: "user", status: 400, message: "{reason}" },
  TER_TOO_MANY: { kind: "user", status: 429, message: "Too many {what}: allowed are {allowed}; try again later" },
} as const satisfies Record<string, ErrorEntry>;
