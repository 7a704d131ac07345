import type { ErrorEntry } from "../terrarium-error.ts";

/** The platform itself. */
export const SYSTEM_ERRORS = {
  TER_CONFIG_INVALID: { kind: "user", status: 500, message: "{reason}" },
  TER_INTERNAL: { kind: "system", status: 500, message: "Terrarium failed: {reason}; this is a bug of ours" },
  TER_CANNOT_LISTEN: { kind: "user", status: 500, message: "{reason}" },
} as const satisfies Record<string, ErrorEntry>;
