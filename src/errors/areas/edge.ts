import type { ErrorEntry } from "../terrarium-error.ts";

/** Requests that end before a program runs. */
export const EDGE_ERRORS = {
  TER_EDGE_UNKNOWN_HOST: { kind: "user", status: 404, message: "Nothing is deployed at {host}: a deployment lives for a limited time" },
  TER_EDGE_BUSY: { kind: "system", status: 503, message: "This edge holds as many requests as it can; try again" },
  TER_EDGE_LOOP: { kind: "guest", status: 508, message: "Deployments called one another {depth} deep; allowed are {allowed}" },
  TER_EDGE_BODY_TOO_LARGE: { kind: "user", status: 413, message: "The request body is larger than {allowed} bytes" },
} as const satisfies Record<string, ErrorEntry>;
