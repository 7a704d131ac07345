import type { ErrorEntry } from "../entry.ts";

/** The control API. */
export const CONTROL_ERRORS = {
  TER_NOT_FOUND: {
    kind: "user",
    status: 404,
    exit: "notFound",
    message: 'Deployment "{id}" does not exist, or has expired',
    fix: "List deployments with `terrarium list`, or deploy again",
  },
  TER_NO_SUCH_KEY: {
    kind: "user",
    status: 404,
    exit: "notFound",
    message: 'The store of "{id}" has no such key',
    fix: "List its keys with `terrarium kv list {id}`",
  },
  TER_NO_MODULE: {
    kind: "user",
    status: 404,
    exit: "notFound",
    message: 'Deployment "{id}" has no module: its build failed, or is not finished',
    fix: "See its state with `terrarium show {id}`",
  },
  TER_MODULE_TEXT_TOO_LARGE: {
    kind: "user",
    status: 413,
    exit: "refused",
    message: "Cannot show the module as text: {used} bytes; the limit is {allowed}",
    fix: "Download the module instead, with format=wasm",
  },
  TER_MODULE_TEXT_UNBOUNDED: {
    kind: "user",
    status: 422,
    exit: "refused",
    message:
      "Cannot show the module as text: the text exceeds its limit of {allowed} characters, or " +
      "takes too long to write",
    fix: "Download the module instead, with format=wasm",
  },
  TER_INSPECT_OFF: {
    kind: "user",
    status: 403,
    exit: "refused",
    message: "This server records no requests",
    fix: "Start it with --inspect on",
  },
  TER_NO_SUCH_PAGE: {
    kind: "user",
    status: 404,
    exit: "notFound",
    message: 'There is nothing at "{path}"',
    fix: "The API is described at /api/v1/openapi.json",
  },
  TER_METHOD_NOT_ALLOWED: {
    kind: "user",
    status: 405,
    exit: "usage",
    message: '"{path}" does not support {method}',
    fix: "The API is described at /api/v1/openapi.json",
  },
  TER_NO_SUCH_TEMPLATE: {
    kind: "user",
    status: 404,
    exit: "notFound",
    message: 'Template "{name}" does not exist',
    fix: "{fix}",
  },
  TER_BAD_REQUEST: {
    kind: "user",
    status: 400,
    exit: "usage",
    message: "{reason}",
    fix: "The API is described at /api/v1/openapi.json",
  },
  TER_BODY_TOO_LARGE: {
    kind: "user",
    status: 413,
    exit: "refused",
    message: "The request body exceeds the limit of {allowed} bytes",
    fix: "Send less, or start the server with a higher --limit uploadBytes=N",
  },
  TER_UNAUTHORIZED: {
    kind: "user",
    status: 401,
    exit: "refused",
    message: "This needs a token: {which}",
    fix: "Send it as `Authorization: Bearer TOKEN`, or with --token",
  },
  TER_CROSS_SITE: {
    kind: "user",
    status: 403,
    exit: "refused",
    message: "Pages of other sites cannot use this API",
    fix: "Call it from the platform's own pages, or from a program that sends no Origin header",
  },
  TER_TTL_TOO_LONG: {
    kind: "user",
    status: 422,
    exit: "refused",
    message: "The time to live exceeds this server's maximum of {allowed}",
    fix: "Ask for less, or start the server with a longer --max-ttl",
  },
  TER_TOO_MANY: {
    kind: "user",
    status: 429,
    exit: "refused",
    message: "Too many {what}; the limit is {allowed}",
    fix: "Try again later",
  },
  TER_FULL: {
    kind: "system",
    status: 503,
    exit: "refused",
    message: "Deployment limit ({allowed}) reached",
    fix:
      "Delete a deployment, wait until one expires, or start the server with a higher --limit " +
      "deployments=N",
  },
  TER_STOPPING: {
    kind: "system",
    status: 503,
    exit: "failed",
    message: "The platform is shutting down",
    fix: "Try again",
  },
  TER_INTERRUPTED: {
    kind: "system",
    status: 503,
    exit: "failed",
    message: "The platform restarted during this deploy",
    fix: "Deploy again",
  },
  TER_NOT_HEALTHY: {
    kind: "system",
    status: 503,
    exit: "failed",
    message: "The deployment was loaded, but {url} does not answer: {reason}",
    fix: "Deploy again; if it persists, run `terrarium doctor` on the server and read its log",
  },
} as const satisfies Record<string, ErrorEntry>;
