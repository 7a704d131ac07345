// How parameters and results are written in C. The header and the reference page share it.
import { filled } from "./columns.ts";
import type { Hostcall, Parameter, ParameterRole, Result, ResultRole } from "../types.ts";

// Input buffers are `const void *`, so that text and bytes pass without a cast; a length of hostcall_debug
// may be -1.
const PARAMETERS: Record<ParameterRole, (name: string) => string> = {
  "in-bytes": (name) => `const void *${name}`,
  "in-text": (name) => `const void *${name}`,
  "in-slices": (name) => `const struct string_slice *${name}`,
  "in-handles": (name) => `const pending_request_t *${name}`,
  length: (name) => `size_t ${name}`,
  "out-bytes": (name) => `uint8_t **${name}`,
  "out-text": (name) => `char **${name}`,
  "out-slices": (name) => `struct string_slice **${name}`,
  "out-length": (name) => `size_t *${name}`,
  "out-pending": (name) => `pending_request_t *${name}`,
  "out-u32": (name) => `uint32_t *${name}`,
  "out-i64": (name) => `int64_t *${name}`,
  request: (name) => `request_t ${name}`,
  response: (name) => `response_t ${name}`,
  pending: (name) => `pending_request_t ${name}`,
  "allocate-function": (name) => `void *(*${name})(size_t)`,
  "free-function": (name) => `void (*${name})(void *)`,
  number: (name) => `int32_t ${name}`,
  flag: (name) => `int ${name}`,
};

const RESULTS: Record<ResultRole, string> = {
  request: "request_t",
  response: "response_t",
  pending: "pending_request_t",
  validity: "enum value_status",
  flag: "int",
  number: "int32_t",
};

/** A call's prototype without the final semicolon. */
export function cPrototype(name: string, call: Hostcall): string {
  const params = call.params.map(cParameter);
  const last = params.pop() ?? "void";
  const [first = "", ...rest] = [...params.map((param) => `${param},`), `${last})`];
  return filled([`${cResult(call.result)} ${name}(${first}`, ...rest], "    ");
}

function cParameter(param: Parameter): string {
  return param.type === "i64" ? `int64_t ${param.name}` : PARAMETERS[param.role](param.name);
}

function cResult(result: Result | null): string {
  if (result === null) return "void";
  return result.type === "i64" ? "uint64_t" : RESULTS[result.role];
}
