import type { ErrorEntry } from "../terrarium-error.ts";

/** Projects and compilers. */
export const BUILD_ERRORS = {
  TER_BUILD_FAILED: { kind: "user", status: 422, message: "{output}" },
  TER_BUILD_TIMEOUT: { kind: "user", status: 422, message: "The {language} compiler was stopped after {seconds} s" },
  TER_BUILD_NO_ENTRY: { kind: "user", status: 422, message: "The project has no entry file: expected {expected}" },
  TER_ARCHIVE_INVALID: { kind: "user", status: 400, message: "The archive cannot be read: {reason}" },
  TER_ARCHIVE_TOO_LARGE: { kind: "user", status: 413, message: "The archive holds {used} {unit}, allowed are {allowed}" },
} as const satisfies Record<string, ErrorEntry>;
