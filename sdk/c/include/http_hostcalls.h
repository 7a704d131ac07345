/* Generated from src/abi by `npm run generate`. Do not edit. */
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
#define REQUEST_INCOMING ((request_t) 0)
#define RESPONSE_OUTGOING ((response_t) 0)

/* What calls return instead of a handle. */
#define REQUEST_ERROR ((request_t) -1)
#define RESPONSE_ERROR ((response_t) -1)
#define RESPONSE_NOT_READY ((response_t) -2)
#define PENDING_REQUEST_ERROR ((pending_request_t) -1)

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

#define HTTP_HOSTCALL(name) __attribute__((import_module("env"), import_name(#name)))

/* Names the allocator, by indices into table 0, from which the host takes memory for everything it returns.
   */
HTTP_HOSTCALL(hostcall_init_mm)
void hostcall_init_mm(void *(*malloc_fn)(size_t), void (*free_fn)(void *));

/* Creates a request to an absolute URL. */
HTTP_HOSTCALL(hostcall_req_create)
request_t hostcall_req_create(const void *method_ptr, size_t method_len, const void *url_ptr, size_t url_len);

/* Gives the method of the incoming request. */
HTTP_HOSTCALL(hostcall_req_get_method)
void hostcall_req_get_method(char **method_out, size_t *method_len_out, request_t req);

/* Gives path and query of the incoming request, raw as the client sent them. */
HTTP_HOSTCALL(hostcall_req_get_path)
void hostcall_req_get_path(char **path_out, size_t *path_len_out, request_t req);

/* Lists the header names of the incoming request, each once and in lower case. */
HTTP_HOSTCALL(hostcall_req_get_headers)
void hostcall_req_get_headers(struct string_slice **names_out, size_t *names_count_out, request_t req);

/* Lists all values of one header of the incoming request, in order; the name may be in any letter case. */
HTTP_HOSTCALL(hostcall_req_get_header)
void hostcall_req_get_header(struct string_slice **values_out, size_t *values_count_out, request_t req,
    const void *name_ptr, size_t name_len);

/* Gives the body of the incoming request. */
HTTP_HOSTCALL(hostcall_req_get_body)
void hostcall_req_get_body(uint8_t **body_out, size_t *body_len_out, request_t req);

/* Replaces all values of one header of a created request. */
HTTP_HOSTCALL(hostcall_req_set_header)
enum value_status hostcall_req_set_header(request_t req, const void *name_ptr, size_t name_len,
    const struct string_slice *values_ptr, size_t values_count);

/* Replaces the body of a created request. */
HTTP_HOSTCALL(hostcall_req_set_body)
enum value_status hostcall_req_set_body(request_t req, const void *body_ptr, size_t body_len);

/* Sends a created request, which is consumed, and waits for the whole response. */
HTTP_HOSTCALL(hostcall_req_send)
response_t hostcall_req_send(request_t req);

/* Sends a created request, which is consumed, and returns at once with a handle to wait on. */
HTTP_HOSTCALL(hostcall_req_send_async)
pending_request_t hostcall_req_send_async(request_t req);

/* Waits for the response of a pending request, which is consumed. */
HTTP_HOSTCALL(hostcall_pending_req_wait)
response_t hostcall_pending_req_wait(pending_request_t pending);

/* Asks whether the response of a pending request is there; the handle is consumed unless it is not ready. */
HTTP_HOSTCALL(hostcall_pending_req_poll)
response_t hostcall_pending_req_poll(pending_request_t pending);

/* Waits until one of several pending requests is done, names it and consumes it; the others stay valid. */
HTTP_HOSTCALL(hostcall_pending_req_select)
response_t hostcall_pending_req_select(const pending_request_t *pendings_ptr, size_t pendings_count,
    pending_request_t *pending_out);

/* Lists the header names of a received response, each once and in lower case. */
HTTP_HOSTCALL(hostcall_resp_get_headers)
void hostcall_resp_get_headers(struct string_slice **names_out, size_t *names_count_out, response_t resp);

/* Lists all values of one header of a received response, in order; the name may be in any letter case. */
HTTP_HOSTCALL(hostcall_resp_get_header)
void hostcall_resp_get_header(struct string_slice **values_out, size_t *values_count_out, response_t resp,
    const void *name_ptr, size_t name_len);

/* Gives the body of a received response, decoded. */
HTTP_HOSTCALL(hostcall_resp_get_body)
void hostcall_resp_get_body(uint8_t **body_out, size_t *body_len_out, response_t resp);

/* Gives the status of a received response. */
HTTP_HOSTCALL(hostcall_resp_get_response_code)
int32_t hostcall_resp_get_response_code(response_t resp);

/* Replaces all values of one header of the outgoing response. */
HTTP_HOSTCALL(hostcall_resp_set_header)
enum value_status hostcall_resp_set_header(response_t resp, const void *name_ptr, size_t name_len,
    const struct string_slice *values_ptr, size_t values_count);

/* Replaces the body of the outgoing response. */
HTTP_HOSTCALL(hostcall_resp_set_body)
enum value_status hostcall_resp_set_body(response_t resp, const void *body_ptr, size_t body_len);

/* Sets the status of the outgoing response. */
HTTP_HOSTCALL(hostcall_resp_set_response_code)
enum value_status hostcall_resp_set_response_code(response_t resp, int32_t code);

/* Writes a value, whether or not the key exists. */
HTTP_HOSTCALL(hostcall_kvstore_insert)
int hostcall_kvstore_insert(const void *key_ptr, size_t key_len, const void *val_ptr, size_t val_len);

/* Writes a value only if the key is absent. */
HTTP_HOSTCALL(hostcall_kvstore_upsert)
int hostcall_kvstore_upsert(const void *key_ptr, size_t key_len, const void *val_ptr, size_t val_len);

/* Appends to a value, or writes it if the key is absent. */
HTTP_HOSTCALL(hostcall_kvstore_append)
int hostcall_kvstore_append(const void *key_ptr, size_t key_len, const void *val_ptr, size_t val_len);

/* Writes a value only if the key has exactly the expected value. */
HTTP_HOSTCALL(hostcall_kvstore_compare_and_set)
int hostcall_kvstore_compare_and_set(const void *key_ptr, size_t key_len, const void *expected_ptr,
    size_t expected_len, const void *val_ptr, size_t val_len);

/* Adds to a value that is a whole number in decimal digits; an absent key counts as 0. */
HTTP_HOSTCALL(hostcall_kvstore_increment)
int hostcall_kvstore_increment(int64_t *value_out, const void *key_ptr, size_t key_len, int64_t delta);

/* Gives the value of a key. */
HTTP_HOSTCALL(hostcall_kvstore_get)
int hostcall_kvstore_get(uint8_t **val_out, size_t *val_len_out, const void *key_ptr, size_t key_len);

/* Removes a key and its value. */
HTTP_HOSTCALL(hostcall_kvstore_remove)
int hostcall_kvstore_remove(const void *key_ptr, size_t key_len);

/* Ends the instance; the message becomes the text of a 500 response. */
HTTP_HOSTCALL(hostcall_panic_hook)
void hostcall_panic_hook(const void *msg_ptr, size_t msg_len);

/* Gives 64 cryptographically strong random bits. */
HTTP_HOSTCALL(hostcall_rng_next_u64)
uint64_t hostcall_rng_next_u64(void);

/* Gives the seconds since the Unix epoch and, unless the pointer is null, the nanoseconds within the second.
   */
HTTP_HOSTCALL(hostcall_time_now)
uint64_t hostcall_time_now(uint32_t *subsec_nanos_out);

/* Sends a whole DNS message and gives the whole answer, which carries the query's transaction id. */
HTTP_HOSTCALL(hostcall_dns_query_raw)
int hostcall_dns_query_raw(uint8_t **answer_out, size_t *answer_len_out, const void *query_ptr,
    size_t query_len);

/* Resolves a name to its IPv4 addresses, or to its IPv6 addresses. */
HTTP_HOSTCALL(hostcall_dns_query_ip)
int hostcall_dns_query_ip(struct string_slice **addresses_out, size_t *addresses_count_out,
    const void *name_ptr, size_t name_len, int ipv6);

/* Writes one line to the deployment's log; a length of -1 means that the message ends at its first NUL. */
HTTP_HOSTCALL(hostcall_debug)
void hostcall_debug(const void *msg_ptr, size_t msg_len);

#undef HTTP_HOSTCALL

#ifdef __cplusplus
}
#endif

#endif
