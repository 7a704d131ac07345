// Parameters and results that several hostcalls share, so that each entry of the table fits in a few lines.
import type { Parameter, Result, Status } from "./types.ts";

/** Handle of the incoming request. */
export const INCOMING = 0;
/** Handle of the response that is sent when `run` returns. */
export const OUTGOING = 0;
/** The call failed. */
export const ERROR = -1;
/** The response of a polled request has not arrived yet. */
export const NOT_READY = -2;
/** Length that `hostcall_debug` takes for a NUL-terminated message. */
export const NUL_TERMINATED = -1;
/** Zero bytes after everything that the host writes into the guest; lengths do not count them. */
export const TRAILING_ZERO_BYTES = 16;

/** The handle parameters. */
export const request = { name: "req", type: "i32", role: "request" } as const satisfies Parameter;
export const response = { name: "resp", type: "i32", role: "response" } as const satisfies Parameter;
export const pending = { name: "pending", type: "i32", role: "pending" } as const satisfies Parameter;

/** Bytes that the guest passes in. */
export function inBytes(name: string) {
  return [
    { name: `${name}_ptr`, type: "i32", role: "in-bytes" },
    { name: `${name}_len`, type: "i32", role: "length" },
  ] as const satisfies readonly Parameter[];
}

/** Text that the guest passes in. */
export function inText(name: string) {
  return [
    { name: `${name}_ptr`, type: "i32", role: "in-text" },
    { name: `${name}_len`, type: "i32", role: "length" },
  ] as const satisfies readonly Parameter[];
}

/** A list of texts that the guest passes in. */
export function inSlices(name: string) {
  return [
    { name: `${name}_ptr`, type: "i32", role: "in-slices" },
    { name: `${name}_count`, type: "i32", role: "length" },
  ] as const satisfies readonly Parameter[];
}

/** Bytes that the guest receives. */
export function outBytes(name: string) {
  return [
    { name: `${name}_out`, type: "i32", role: "out-bytes" },
    { name: `${name}_len_out`, type: "i32", role: "out-length" },
  ] as const satisfies readonly Parameter[];
}

/** Text that the guest receives. */
export function outText(name: string) {
  return [
    { name: `${name}_out`, type: "i32", role: "out-text" },
    { name: `${name}_len_out`, type: "i32", role: "out-length" },
  ] as const satisfies readonly Parameter[];
}

/** A list of texts or byte strings that the guest receives. */
export function outSlices(name: string) {
  return [
    { name: `${name}_out`, type: "i32", role: "out-slices" },
    { name: `${name}_count_out`, type: "i32", role: "out-length" },
  ] as const satisfies readonly Parameter[];
}

const failed = { value: ERROR, meaning: "failed" } as const satisfies Status;

/** Results that are a handle or -1. */
export const requestOrError = {
  type: "i32",
  role: "request",
  statuses: [{ value: ERROR, meaning: "malformed method or URL" }],
} as const satisfies Result;
export const responseOrError = {
  type: "i32",
  role: "response",
  statuses: [failed],
} as const satisfies Result;
export const pendingOrError = { type: "i32", role: "pending", statuses: [failed] } as const satisfies Result;

/** 0 ok, 1 invalid: a bad value, or a handle that cannot be written. */
export const validity = {
  type: "i32",
  role: "validity",
  statuses: [
    { value: 0, meaning: "ok" },
    { value: 1, meaning: "invalid value or handle" },
  ],
} as const satisfies Result;

/** 1 or 0, each with its meaning. */
export function flag(yes: string, no: string) {
  return {
    type: "i32",
    role: "flag",
    statuses: [
      { value: 1, meaning: yes },
      { value: 0, meaning: no },
    ],
  } as const satisfies Result;
}
