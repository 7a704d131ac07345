import type { ErrorEntry } from "../terrarium-error.ts";

/** The store: formats, quotas, availability. */
export const STORE_ERRORS = {
  TER_STORE_NEWER_FORMAT: {
    kind: "user",
    status: 500,
    message:
      "The data directory has format {found}, newer than the format {known} of this " +
      "version; start a newer terrarium or name another directory with --data",
  },
  TER_STORE_LOCKED: {
    kind: "user",
    status: 500,
    message:
      "Another supervisor (process {pid}) runs on the data directory " +
      "{dataDir}; stop it or name another directory with --data",
  },
  TER_STORE_DAMAGED: {
    kind: "system",
    status: 500,
    message:
      "A file of the store is damaged ({reason}); remove the " +
      "deployment that it belongs to, or restore the data directory",
  },
  TER_KV_KEY_TOO_LARGE: {
    kind: "guest",
    status: 500,
    message: "The key is {used} bytes long, allowed are {allowed}",
  },
  TER_KV_VALUE_TOO_LARGE: {
    kind: "guest",
    status: 500,
    message: "The value is {used} bytes long, allowed are {allowed}",
  },
  TER_KV_FULL: {
    kind: "guest",
    status: 507,
    message:
      "The store of this deployment is full: it would hold {used} " +
      "{unit}, allowed are {allowed}; remove keys first",
  },
  TER_STORE_UNAVAILABLE: { kind: "system", status: 503, message: "The store does not answer: {reason}" },
} as const satisfies Record<string, ErrorEntry>;
