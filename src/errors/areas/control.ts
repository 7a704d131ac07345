import type { ErrorEntry } from "../terrarium-error.ts";

/** The control API. */
export const CONTROL_ERRORS = {
  TER_NOT_FOUND: { kind: "user", status: 404, message: "There is no deployment {id}, or it has expired" },
  TER_NO_SUCH_KEY: { kind: "user", status: 404, message: "The store of {id} has no such key" },
  TER_NO_MODULE: {
    kind: "user",
    status: 404,
    message: "{id} has no module: it was not built, or is being built",
  },
  TER_MODULE_TEXT_TOO_LARGE: {
    kind: "user",
    status: 413,
    message:
      "A module of {used} bytes is not shown as text; at most {allowed}. Download it instead: format=wasm",
  },
  TER_MODULE_TEXT_UNBOUNDED: {
    kind: "user",
    status: 422,
    message:
      "The text of this module is longer than {allowed} characters, or takes too " +
      "long to write: it nests very deep. Download it instead: format=wasm",
  },
  TER_INSPECT_OFF: {
    kind: "user",
    status: 403,
    message: "This server records no requests; its operator can allow it with --inspect on",
  },
  TER_NO_SUCH_PAGE: {
    kind: "user",
    status: 404,
    message: "There is nothing at {path}; the API is described at /api/v1/openapi.json",
  },
  TER_METHOD_NOT_ALLOWED: { kind: "user", status: 405, message: "{path} does not take {method}" },
  TER_NO_SUCH_TEMPLATE: {
    kind: "user",
    status: 404,
    message: "There is no template {name}; `terrarium templates` lists them",
  },
  TER_BAD_REQUEST: { kind: "user", status: 400, message: "{reason}" },
  TER_BODY_TOO_LARGE: {
    kind: "user",
    status: 413,
    message: "The request body is larger than {allowed} bytes",
  },
  TER_UNAUTHORIZED: {
    kind: "user",
    status: 401,
    message: "This needs a token: send it as `Authorization: Bearer TOKEN` ({which})",
  },
  TER_CROSS_SITE: { kind: "user", status: 403, message: "Pages of other sites may not use this API" },
  TER_TTL_TOO_LONG: {
    kind: "user",
    status: 422,
    message: "This server keeps a deployment for at most {allowed}; ask for less, or start it with --max-ttl",
  },
  TER_TOO_MANY: {
    kind: "user",
    status: 429,
    message: "Too many {what}: allowed are {allowed}; try again later",
  },
  TER_FULL: {
    kind: "system",
    status: 503,
    message:
      "The platform holds as many deployments as it may ({allowed}); delete one, " +
      "wait until one ends, or start it with a higher --limit deployments=N",
  },
  TER_STOPPING: { kind: "system", status: 503, message: "The platform is stopping; try again" },
  TER_INTERRUPTED: {
    kind: "system",
    status: 503,
    message: "The platform restarted during this deploy; deploy again",
  },
  TER_NOT_HEALTHY: {
    kind: "system",
    status: 503,
    message: "The deployment was loaded but {url} does not answer: {reason}",
  },
} as const satisfies Record<string, ErrorEntry>;
