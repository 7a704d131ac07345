// Generated from src/abi by `npm run generate`. Do not edit.
// The hostcalls as they are: pointers are addresses in the module's memory, handles are numbers.

export const INCOMING: i32 = 0;
export const OUTGOING: i32 = 0;
export const ERROR: i32 = -1;
export const NOT_READY: i32 = -2;

/**
 * Names the allocator, by indices into table 0, from which the host takes memory for everything it returns.
 */
// @ts-ignore: decorator
@external("env", "hostcall_init_mm")
export declare function hostcall_init_mm(malloc_fn: i32, free_fn: i32): void;

/** Creates a request to an absolute URL. */
// @ts-ignore: decorator
@external("env", "hostcall_req_create")
export declare function hostcall_req_create(
  method_ptr: usize,
  method_len: usize,
  url_ptr: usize,
  url_len: usize,
): i32;

/** Gives the method of the incoming request. */
// @ts-ignore: decorator
@external("env", "hostcall_req_get_method")
export declare function hostcall_req_get_method(method_out: usize, method_len_out: usize, req: i32): void;

/** Gives path and query of the incoming request, raw as the client sent them. */
// @ts-ignore: decorator
@external("env", "hostcall_req_get_path")
export declare function hostcall_req_get_path(path_out: usize, path_len_out: usize, req: i32): void;

/** Lists the header names of the incoming request, each once and in lower case. */
// @ts-ignore: decorator
@external("env", "hostcall_req_get_headers")
export declare function hostcall_req_get_headers(names_out: usize, names_count_out: usize, req: i32): void;

/** Lists all values of one header of the incoming request, in order; the name may be in any letter case. */
// @ts-ignore: decorator
@external("env", "hostcall_req_get_header")
export declare function hostcall_req_get_header(
  values_out: usize,
  values_count_out: usize,
  req: i32,
  name_ptr: usize,
  name_len: usize,
): void;

/** Gives the body of the incoming request. */
// @ts-ignore: decorator
@external("env", "hostcall_req_get_body")
export declare function hostcall_req_get_body(body_out: usize, body_len_out: usize, req: i32): void;

/** Replaces all values of one header of a created request. */
// @ts-ignore: decorator
@external("env", "hostcall_req_set_header")
export declare function hostcall_req_set_header(
  req: i32,
  name_ptr: usize,
  name_len: usize,
  values_ptr: usize,
  values_count: usize,
): i32;

/** Replaces the body of a created request. */
// @ts-ignore: decorator
@external("env", "hostcall_req_set_body")
export declare function hostcall_req_set_body(req: i32, body_ptr: usize, body_len: usize): i32;

/** Sends a created request, which is consumed, and waits for the whole response. */
// @ts-ignore: decorator
@external("env", "hostcall_req_send")
export declare function hostcall_req_send(req: i32): i32;

/** Sends a created request, which is consumed, and returns at once with a handle to wait on. */
// @ts-ignore: decorator
@external("env", "hostcall_req_send_async")
export declare function hostcall_req_send_async(req: i32): i32;

/** Waits for the response of a pending request, which is consumed. */
// @ts-ignore: decorator
@external("env", "hostcall_pending_req_wait")
export declare function hostcall_pending_req_wait(pending: i32): i32;

/** Asks whether the response of a pending request is there; the handle is consumed unless it is not ready. */
// @ts-ignore: decorator
@external("env", "hostcall_pending_req_poll")
export declare function hostcall_pending_req_poll(pending: i32): i32;

/** Waits until one of several pending requests is done, names it and consumes it; the others stay valid. */
// @ts-ignore: decorator
@external("env", "hostcall_pending_req_select")
export declare function hostcall_pending_req_select(
  pendings_ptr: usize,
  pendings_count: usize,
  pending_out: usize,
): i32;

/** Lists the header names of a received response, each once and in lower case. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_get_headers")
export declare function hostcall_resp_get_headers(names_out: usize, names_count_out: usize, resp: i32): void;

/** Lists all values of one header of a received response, in order; the name may be in any letter case. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_get_header")
export declare function hostcall_resp_get_header(
  values_out: usize,
  values_count_out: usize,
  resp: i32,
  name_ptr: usize,
  name_len: usize,
): void;

/** Gives the body of a received response, decoded. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_get_body")
export declare function hostcall_resp_get_body(body_out: usize, body_len_out: usize, resp: i32): void;

/** Gives the status of a received response. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_get_response_code")
export declare function hostcall_resp_get_response_code(resp: i32): i32;

/** Replaces all values of one header of the outgoing response. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_set_header")
export declare function hostcall_resp_set_header(
  resp: i32,
  name_ptr: usize,
  name_len: usize,
  values_ptr: usize,
  values_count: usize,
): i32;

/** Replaces the body of the outgoing response. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_set_body")
export declare function hostcall_resp_set_body(resp: i32, body_ptr: usize, body_len: usize): i32;

/** Sets the status of the outgoing response. */
// @ts-ignore: decorator
@external("env", "hostcall_resp_set_response_code")
export declare function hostcall_resp_set_response_code(resp: i32, code: i32): i32;

/** Writes a value, whether or not the key exists. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_insert")
export declare function hostcall_kvstore_insert(
  key_ptr: usize,
  key_len: usize,
  val_ptr: usize,
  val_len: usize,
): i32;

/** Writes a value only if the key is absent. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_upsert")
export declare function hostcall_kvstore_upsert(
  key_ptr: usize,
  key_len: usize,
  val_ptr: usize,
  val_len: usize,
): i32;

/** Appends to a value, or writes it if the key is absent. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_append")
export declare function hostcall_kvstore_append(
  key_ptr: usize,
  key_len: usize,
  val_ptr: usize,
  val_len: usize,
): i32;

/** Writes a value only if the key has exactly the expected value. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_compare_and_set")
export declare function hostcall_kvstore_compare_and_set(
  key_ptr: usize,
  key_len: usize,
  expected_ptr: usize,
  expected_len: usize,
  val_ptr: usize,
  val_len: usize,
): i32;

/** Adds to a value that is a whole number in decimal digits; an absent key counts as 0. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_increment")
export declare function hostcall_kvstore_increment(
  value_out: usize,
  key_ptr: usize,
  key_len: usize,
  delta: i64,
): i32;

/** Gives the value of a key. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_get")
export declare function hostcall_kvstore_get(
  val_out: usize,
  val_len_out: usize,
  key_ptr: usize,
  key_len: usize,
): i32;

/** Removes a key and its value. */
// @ts-ignore: decorator
@external("env", "hostcall_kvstore_remove")
export declare function hostcall_kvstore_remove(key_ptr: usize, key_len: usize): i32;

/** Ends the instance; the message becomes the text of a 500 response. */
// @ts-ignore: decorator
@external("env", "hostcall_panic_hook")
export declare function hostcall_panic_hook(msg_ptr: usize, msg_len: usize): void;

/** Gives 64 cryptographically strong random bits. */
// @ts-ignore: decorator
@external("env", "hostcall_rng_next_u64")
export declare function hostcall_rng_next_u64(): u64;

/**
 * Gives the seconds since the Unix epoch and, unless the pointer is null, the nanoseconds within the second.
 */
// @ts-ignore: decorator
@external("env", "hostcall_time_now")
export declare function hostcall_time_now(subsec_nanos_out: usize): u64;

/** Sends a whole DNS message and gives the whole answer, which carries the query's transaction id. */
// @ts-ignore: decorator
@external("env", "hostcall_dns_query_raw")
export declare function hostcall_dns_query_raw(
  answer_out: usize,
  answer_len_out: usize,
  query_ptr: usize,
  query_len: usize,
): i32;

/** Resolves a name to its IPv4 addresses, or to its IPv6 addresses. */
// @ts-ignore: decorator
@external("env", "hostcall_dns_query_ip")
export declare function hostcall_dns_query_ip(
  addresses_out: usize,
  addresses_count_out: usize,
  name_ptr: usize,
  name_len: usize,
  ipv6: i32,
): i32;

/** Writes one line to the deployment's log; a length of -1 means that the message ends at its first NUL. */
// @ts-ignore: decorator
@external("env", "hostcall_debug")
export declare function hostcall_debug(msg_ptr: usize, msg_len: usize): void;
