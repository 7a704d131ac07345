;; Generated from src/abi by `npm run generate`. Do not edit.
;; Copy the imports that your program calls.

;; Names the allocator, by indices into table 0, from which the host takes memory for everything it returns.
(import "env" "hostcall_init_mm" (func $hostcall_init_mm (param $malloc_fn i32) (param $free_fn i32)))

;; Creates a request to an absolute URL.
(import "env" "hostcall_req_create" (func $hostcall_req_create (param $method_ptr i32) (param $method_len i32)
  (param $url_ptr i32) (param $url_len i32) (result i32)))

;; Gives the method of the incoming request.
(import "env" "hostcall_req_get_method" (func $hostcall_req_get_method (param $method_out i32)
  (param $method_len_out i32) (param $req i32)))

;; Gives path and query of the incoming request, raw as the client sent them.
(import "env" "hostcall_req_get_path" (func $hostcall_req_get_path (param $path_out i32)
  (param $path_len_out i32) (param $req i32)))

;; Lists the header names of the incoming request, each once and in lower case.
(import "env" "hostcall_req_get_headers" (func $hostcall_req_get_headers (param $names_out i32)
  (param $names_count_out i32) (param $req i32)))

;; Lists all values of one header of the incoming request, in order; the name may be in any letter case.
(import "env" "hostcall_req_get_header" (func $hostcall_req_get_header (param $values_out i32)
  (param $values_count_out i32) (param $req i32) (param $name_ptr i32) (param $name_len i32)))

;; Gives the body of the incoming request.
(import "env" "hostcall_req_get_body" (func $hostcall_req_get_body (param $body_out i32)
  (param $body_len_out i32) (param $req i32)))

;; Replaces all values of one header of a created request.
(import "env" "hostcall_req_set_header" (func $hostcall_req_set_header (param $req i32) (param $name_ptr i32)
  (param $name_len i32) (param $values_ptr i32) (param $values_count i32) (result i32)))

;; Replaces the body of a created request.
(import "env" "hostcall_req_set_body" (func $hostcall_req_set_body (param $req i32) (param $body_ptr i32)
  (param $body_len i32) (result i32)))

;; Sends a created request, which is consumed, and waits for the whole response.
(import "env" "hostcall_req_send" (func $hostcall_req_send (param $req i32) (result i32)))

;; Sends a created request, which is consumed, and returns at once with a handle to wait on.
(import "env" "hostcall_req_send_async" (func $hostcall_req_send_async (param $req i32) (result i32)))

;; Waits for the response of a pending request, which is consumed.
(import "env" "hostcall_pending_req_wait" (func $hostcall_pending_req_wait (param $pending i32) (result i32)))

;; Asks whether the response of a pending request is there; the handle is consumed unless it is not ready.
(import "env" "hostcall_pending_req_poll" (func $hostcall_pending_req_poll (param $pending i32) (result i32)))

;; Waits until one of several pending requests is done, names it and consumes it; the others stay valid.
(import "env" "hostcall_pending_req_select" (func $hostcall_pending_req_select (param $pendings_ptr i32)
  (param $pendings_count i32) (param $pending_out i32) (result i32)))

;; Lists the header names of a received response, each once and in lower case.
(import "env" "hostcall_resp_get_headers" (func $hostcall_resp_get_headers (param $names_out i32)
  (param $names_count_out i32) (param $resp i32)))

;; Lists all values of one header of a received response, in order; the name may be in any letter case.
(import "env" "hostcall_resp_get_header" (func $hostcall_resp_get_header (param $values_out i32)
  (param $values_count_out i32) (param $resp i32) (param $name_ptr i32) (param $name_len i32)))

;; Gives the body of a received response, decoded.
(import "env" "hostcall_resp_get_body" (func $hostcall_resp_get_body (param $body_out i32)
  (param $body_len_out i32) (param $resp i32)))

;; Gives the status of a received response.
(import "env" "hostcall_resp_get_response_code" (func $hostcall_resp_get_response_code (param $resp i32)
  (result i32)))

;; Replaces all values of one header of the outgoing response.
(import "env" "hostcall_resp_set_header" (func $hostcall_resp_set_header (param $resp i32)
  (param $name_ptr i32) (param $name_len i32) (param $values_ptr i32) (param $values_count i32) (result i32)))

;; Replaces the body of the outgoing response.
(import "env" "hostcall_resp_set_body" (func $hostcall_resp_set_body (param $resp i32) (param $body_ptr i32)
  (param $body_len i32) (result i32)))

;; Sets the status of the outgoing response.
(import "env" "hostcall_resp_set_response_code" (func $hostcall_resp_set_response_code (param $resp i32)
  (param $code i32) (result i32)))

;; Writes a value, whether or not the key exists.
(import "env" "hostcall_kvstore_insert" (func $hostcall_kvstore_insert (param $key_ptr i32)
  (param $key_len i32) (param $val_ptr i32) (param $val_len i32) (result i32)))

;; Writes a value only if the key is absent.
(import "env" "hostcall_kvstore_upsert" (func $hostcall_kvstore_upsert (param $key_ptr i32)
  (param $key_len i32) (param $val_ptr i32) (param $val_len i32) (result i32)))

;; Appends to a value, or writes it if the key is absent.
(import "env" "hostcall_kvstore_append" (func $hostcall_kvstore_append (param $key_ptr i32)
  (param $key_len i32) (param $val_ptr i32) (param $val_len i32) (result i32)))

;; Writes a value only if the key has exactly the expected value.
(import "env" "hostcall_kvstore_compare_and_set" (func $hostcall_kvstore_compare_and_set (param $key_ptr i32)
  (param $key_len i32) (param $expected_ptr i32) (param $expected_len i32) (param $val_ptr i32)
  (param $val_len i32) (result i32)))

;; Adds to a value that is a whole number in decimal digits; an absent key counts as 0.
(import "env" "hostcall_kvstore_increment" (func $hostcall_kvstore_increment (param $value_out i32)
  (param $key_ptr i32) (param $key_len i32) (param $delta i64) (result i32)))

;; Gives the value of a key.
(import "env" "hostcall_kvstore_get" (func $hostcall_kvstore_get (param $val_out i32) (param $val_len_out i32)
  (param $key_ptr i32) (param $key_len i32) (result i32)))

;; Removes a key and its value.
(import "env" "hostcall_kvstore_remove" (func $hostcall_kvstore_remove (param $key_ptr i32)
  (param $key_len i32) (result i32)))

;; Ends the instance; the message becomes the text of a 500 response.
(import "env" "hostcall_panic_hook" (func $hostcall_panic_hook (param $msg_ptr i32) (param $msg_len i32)))

;; Gives 64 cryptographically strong random bits.
(import "env" "hostcall_rng_next_u64" (func $hostcall_rng_next_u64 (result i64)))

;; Gives the seconds since the Unix epoch and, unless the pointer is null, the nanoseconds within the second.
(import "env" "hostcall_time_now" (func $hostcall_time_now (param $subsec_nanos_out i32) (result i64)))

;; Sends a whole DNS message and gives the whole answer, which carries the query's transaction id.
(import "env" "hostcall_dns_query_raw" (func $hostcall_dns_query_raw (param $answer_out i32)
  (param $answer_len_out i32) (param $query_ptr i32) (param $query_len i32) (result i32)))

;; Resolves a name to its IPv4 addresses, or to its IPv6 addresses.
(import "env" "hostcall_dns_query_ip" (func $hostcall_dns_query_ip (param $addresses_out i32)
  (param $addresses_count_out i32) (param $name_ptr i32) (param $name_len i32) (param $ipv6 i32)
  (result i32)))

;; Writes one line to the deployment's log; a length of -1 means that the message ends at its first NUL.
(import "env" "hostcall_debug" (func $hostcall_debug (param $msg_ptr i32) (param $msg_len i32)))
