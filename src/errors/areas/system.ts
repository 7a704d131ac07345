import type { ErrorEntry } from "../entry.ts";

/** The platform itself. */
export const SYSTEM_ERRORS = {
  TER_CONFIG_INVALID: {
    kind: "user",
    status: 500,
    exit: "usage",
    message: "{reason}",
    fix: "`terrarium serve --help` lists all settings",
  },
  TER_CANNOT_LISTEN: {
    kind: "user",
    status: 500,
    exit: "failed",
    message: "Cannot listen on {address}: {reason}",
    fix: "{fix}",
  },
  TER_NO_SANDBOX: {
    kind: "user",
    status: 500,
    exit: "failed",
    message: "A public server needs a sandbox for its edges: {reason}",
    fix:
      "Install bubblewrap (`sudo apt-get install bubblewrap`) and run `terrarium doctor`, or start with " +
      "--unsafe-no-sandbox",
  },
  TER_INTERNAL: {
    kind: "system",
    status: 500,
    exit: "failed",
    message: "Terrarium failed: {reason}",
    fix: "This is a bug in Terrarium: report it with the server's log",
  },
} as const satisfies Record<string, ErrorEntry>;
