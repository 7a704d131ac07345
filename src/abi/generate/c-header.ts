// sdk/c/include/http_hostcalls.h: every hostcall for C, self-contained.
import { ERROR, INCOMING, NOT_READY, OUTGOING } from "../parameters.ts";
import { HOSTCALL_MODULE, hostcallEntries } from "../table.ts";
import { filled } from "./columns.ts";
import { cPrototype } from "./c-types.ts";
import { GENERATED_NOTICE } from "./notice.ts";

const HEAD = `/* ${GENERATED_NOTICE} */
#ifndef HTTP_HOSTCALLS_H
#define HTTP_HOSTCALLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Handles are valid within one run. */
typedef int32_t request_t;
typedef int32_t response_t;
typedef int32_t pending_request_t;

/* The request that is being answered, and the answer. */
#define REQUEST_INCOMING ((request_t) ${INCOMING})
#define RESPONSE_OUTGOING ((response_t) ${OUTGOING})

/* What calls return instead of a handle. */
#define REQUEST_ERROR ((request_t) ${ERROR})
#define RESPONSE_ERROR ((response_t) ${ERROR})
#define RESPONSE_NOT_READY ((response_t) ${NOT_READY})
#define PENDING_REQUEST_ERROR ((pending_request_t) ${ERROR})

/* An element of a list. The list and each element are allocations of their own; the program frees them. */
struct string_slice {
    const char *ptr;
    size_t len;
};

/* A slice of a string literal. */
#define STRING_SLICE(text) ((struct string_slice) { .ptr = (text), .len = sizeof(text) - 1 })

enum value_status {
    value_status_ok = 0,
    value_status_invalid = 1
};

#define HTTP_HOSTCALL(name) __attribute__((import_module("${HOSTCALL_MODULE}"), import_name(#name)))
`;

const TAIL = `
#undef HTTP_HOSTCALL

#ifdef __cplusplus
}
#endif

#endif
`;

function comment(text: string): string {
  const words = `/* ${text} */`.split(" ");
  return filled(words, "   ");
}

/** Text of the header. */
export function cHeader(): string {
  const calls = hostcallEntries().map(
    ([name, call]) => `\n${comment(call.summary)}\nHTTP_HOSTCALL(${name})\n${cPrototype(name, call)};\n`,
  );
  return `${HEAD}${calls.join("")}${TAIL}`;
}
