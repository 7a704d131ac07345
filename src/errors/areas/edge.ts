import type { ErrorEntry } from "../terrarium-error.ts";

/** Requests that end before a program runs, and responses that cannot be sent. */
export const EDGE_ERRORS = {
  TER_EDGE_UNKNOWN_HOST: {
    kind: "user",
    status: 404,
    message: "Nothing is deployed at {host}: a deployment lives for a limited time",
  },
  TER_EDGE_BUSY: {
    kind: "system",
    status: 503,
    message: "This edge holds as many requests as it can; try again",
  },
  TER_EDGE_LOOP: {
    kind: "guest",
    status: 508,
    message: "Deployments called one another {depth} deep; allowed are {allowed}",
  },
  TER_EDGE_BODY_TOO_LARGE: {
    kind: "user",
    status: 413,
    message: "The request body is larger than {allowed} bytes",
  },
  TER_EDGE_BAD_REQUEST: { kind: "user", status: 400, message: "The request is malformed: {reason}" },
  TER_EDGE_URL_TOO_LONG: {
    kind: "user",
    status: 414,
    message: "Path and query are longer than {allowed} bytes",
  },
  TER_EDGE_HEADERS_TOO_LARGE: {
    kind: "user",
    status: 431,
    message: "The request headers exceed {allowed} {unit}",
  },
  TER_EDGE_TIMEOUT: { kind: "user", status: 408, message: "The request did not arrive in time" },
  TER_EDGE_EXPECTATION: {
    kind: "user",
    status: 417,
    message: "The only expectation that is met is 100-continue",
  },
  TER_EDGE_NO_UPGRADE: {
    kind: "user",
    status: 501,
    message: "WebSockets, CONNECT and other protocol upgrades are not offered",
  },
  TER_EDGE_NOT_FOR_GUESTS: {
    kind: "guest",
    status: 403,
    message: "Programs may not call the control API at {host}",
  },
  TER_EDGE_BAD_RESPONSE: {
    kind: "guest",
    status: 500,
    message: "The program's response cannot be sent: {reason}",
  },
  TER_EDGE_CONTROL_UNREACHABLE: {
    kind: "system",
    status: 503,
    message: "The control API does not answer; it may be restarting: try again",
  },
  TER_EDGE_PEER_UNREACHABLE: {
    kind: "system",
    status: 503,
    message: "The edge that serves this deployment does not answer; try again",
  },
  TER_EDGE_CANNOT_LISTEN: { kind: "system", status: 500, message: "Cannot listen on {address}: {reason}" },
} as const satisfies Record<string, ErrorEntry>;
