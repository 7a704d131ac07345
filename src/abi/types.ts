// The shape of one entry of the hostcall table. Generators and derived types read these fields and no others.

/** Wasm types that cross between guest and host. Everything is `i32` unless the contract says `i64`. */
export type AbiType = "i32" | "i64";

/** Areas of the contract, one folder of `src/hostcalls/` and one file of `src/abi/domains/` each. */
export type HostcallDomain =
  | "memory"
  | "request"
  | "response"
  | "pending"
  | "kv"
  | "panic"
  | "random"
  | "time"
  | "dns"
  | "debug";

/**
 * What a parameter means.
 *
 * - `in-bytes`, `in-text`: guest address of bytes to read; the next parameter is their `length`.
 * - `in-slices`: guest address of an array of `{ptr: u32, len: u32}`; the next parameter is its `length` in
 *   elements.
 * - `in-handles`: guest address of an array of pending handles; the next parameter is its `length` in
 *   elements.
 * - `length`: count for the parameter before it.
 * - `out-bytes`, `out-text`, `out-slices`: guest address where the host writes a pointer to memory from the
 *   guest's allocator; the next parameter is the matching `out-length`.
 * - `out-length`: guest address where the host writes the count for the parameter before it.
 * - `out-pending`: guest address where the host writes a pending handle.
 * - `out-u32`, `out-i64`: guest address where the host writes a number, or null if the guest does not want
 *   it.
 * - `request`, `response`, `pending`: a handle of that kind.
 * - `allocate-function`, `free-function`: index into table 0.
 * - `number`, `flag`: a plain value.
 */
export type ParameterRole =
  | "in-bytes"
  | "in-text"
  | "in-slices"
  | "in-handles"
  | "length"
  | "out-bytes"
  | "out-text"
  | "out-slices"
  | "out-length"
  | "out-pending"
  | "out-u32"
  | "out-i64"
  | "request"
  | "response"
  | "pending"
  | "allocate-function"
  | "free-function"
  | "number"
  | "flag";

/** One Wasm parameter. */
export interface Parameter {
  readonly name: string;
  readonly type: AbiType;
  readonly role: ParameterRole;
}

/** One value that a call can return, and what it means. */
export interface Status {
  readonly value: number;
  readonly meaning: string;
}

/**
 * `validity` is 0 ok, 1 invalid; `flag` is 1 or 0; `number` is any value; the others are a handle or a
 * negative status.
 */
export type ResultRole = "request" | "response" | "pending" | "validity" | "flag" | "number";

/** What a call returns. */
export interface Result {
  readonly type: AbiType;
  readonly role: ResultRole;
  /** Values with a special meaning; any other value is the handle or number itself. */
  readonly statuses: readonly Status[];
}

/** One hostcall of the contract. */
export interface Hostcall {
  readonly domain: HostcallDomain;
  readonly params: readonly Parameter[];
  readonly result: Result | null;
  /** The guest may have to wait: the host function may be a suspending import. */
  readonly maySuspend: boolean;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** A C statement or two that use it; compiled by a test. */
  readonly example: string;
}

/** One domain's calls by name. */
export type HostcallTable = Readonly<Record<string, Hostcall>>;
