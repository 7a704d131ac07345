// Generated from src/abi by `npm run generate`. Do not edit.
//! The hostcalls as they are: handles and statuses are numbers, buffers are pointers.

/// An element of a list. The list and each element are allocations of their own; the program frees them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GuestSlice<T> {
    /// Never null in a list that the host made.
    pub ptr: *mut T,
    /// Elements.
    pub len: usize,
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// Names the allocator, by indices into table 0, from which the host takes memory for everything it
    /// returns.
    pub fn hostcall_init_mm(malloc_fn: extern "C" fn(usize) -> *mut u8, free_fn: extern "C" fn(*mut u8));

    /// Creates a request to an absolute URL.
    pub fn hostcall_req_create(
        method_ptr: *const u8,
        method_len: usize,
        url_ptr: *const u8,
        url_len: usize,
    ) -> i32;

    /// Gives the method of the incoming request.
    pub fn hostcall_req_get_method(method_out: *mut *mut u8, method_len_out: *mut usize, req: i32);

    /// Gives path and query of the incoming request, raw as the client sent them.
    pub fn hostcall_req_get_path(path_out: *mut *mut u8, path_len_out: *mut usize, req: i32);

    /// Lists the header names of the incoming request, each once and in lower case.
    pub fn hostcall_req_get_headers(
        names_out: *mut *mut GuestSlice<u8>,
        names_count_out: *mut usize,
        req: i32,
    );

    /// Lists all values of one header of the incoming request, in order; the name may be in any letter case.
    pub fn hostcall_req_get_header(
        values_out: *mut *mut GuestSlice<u8>,
        values_count_out: *mut usize,
        req: i32,
        name_ptr: *const u8,
        name_len: usize,
    );

    /// Gives the body of the incoming request.
    pub fn hostcall_req_get_body(body_out: *mut *mut u8, body_len_out: *mut usize, req: i32);

    /// Replaces all values of one header of a created request.
    pub fn hostcall_req_set_header(
        req: i32,
        name_ptr: *const u8,
        name_len: usize,
        values_ptr: *const GuestSlice<u8>,
        values_count: usize,
    ) -> i32;

    /// Replaces the body of a created request.
    pub fn hostcall_req_set_body(req: i32, body_ptr: *const u8, body_len: usize) -> i32;

    /// Sends a created request, which is consumed, and waits for the whole response.
    pub fn hostcall_req_send(req: i32) -> i32;

    /// Sends a created request, which is consumed, and returns at once with a handle to wait on.
    pub fn hostcall_req_send_async(req: i32) -> i32;

    /// Waits for the response of a pending request, which is consumed.
    pub fn hostcall_pending_req_wait(pending: i32) -> i32;

    /// Asks whether the response of a pending request is there; the handle is consumed unless it is not
    /// ready.
    pub fn hostcall_pending_req_poll(pending: i32) -> i32;

    /// Waits until one of several pending requests is done, names it and consumes it; the others stay valid.
    pub fn hostcall_pending_req_select(
        pendings_ptr: *const i32,
        pendings_count: usize,
        pending_out: *mut i32,
    ) -> i32;

    /// Lists the header names of a received response, each once and in lower case.
    pub fn hostcall_resp_get_headers(
        names_out: *mut *mut GuestSlice<u8>,
        names_count_out: *mut usize,
        resp: i32,
    );

    /// Lists all values of one header of a received response, in order; the name may be in any letter case.
    pub fn hostcall_resp_get_header(
        values_out: *mut *mut GuestSlice<u8>,
        values_count_out: *mut usize,
        resp: i32,
        name_ptr: *const u8,
        name_len: usize,
    );

    /// Gives the body of a received response, decoded.
    pub fn hostcall_resp_get_body(body_out: *mut *mut u8, body_len_out: *mut usize, resp: i32);

    /// Gives the status of a received response.
    pub fn hostcall_resp_get_response_code(resp: i32) -> i32;

    /// Replaces all values of one header of the outgoing response.
    pub fn hostcall_resp_set_header(
        resp: i32,
        name_ptr: *const u8,
        name_len: usize,
        values_ptr: *const GuestSlice<u8>,
        values_count: usize,
    ) -> i32;

    /// Replaces the body of the outgoing response.
    pub fn hostcall_resp_set_body(resp: i32, body_ptr: *const u8, body_len: usize) -> i32;

    /// Sets the status of the outgoing response.
    pub fn hostcall_resp_set_response_code(resp: i32, code: i32) -> i32;

    /// Writes a value, whether or not the key exists.
    pub fn hostcall_kvstore_insert(
        key_ptr: *const u8,
        key_len: usize,
        val_ptr: *const u8,
        val_len: usize,
    ) -> i32;

    /// Writes a value only if the key is absent.
    pub fn hostcall_kvstore_upsert(
        key_ptr: *const u8,
        key_len: usize,
        val_ptr: *const u8,
        val_len: usize,
    ) -> i32;

    /// Appends to a value, or writes it if the key is absent.
    pub fn hostcall_kvstore_append(
        key_ptr: *const u8,
        key_len: usize,
        val_ptr: *const u8,
        val_len: usize,
    ) -> i32;

    /// Writes a value only if the key has exactly the expected value.
    pub fn hostcall_kvstore_compare_and_set(
        key_ptr: *const u8,
        key_len: usize,
        expected_ptr: *const u8,
        expected_len: usize,
        val_ptr: *const u8,
        val_len: usize,
    ) -> i32;

    /// Adds to a value that is a whole number in decimal digits; an absent key counts as 0.
    pub fn hostcall_kvstore_increment(
        value_out: *mut i64,
        key_ptr: *const u8,
        key_len: usize,
        delta: i64,
    ) -> i32;

    /// Gives the value of a key.
    pub fn hostcall_kvstore_get(
        val_out: *mut *mut u8,
        val_len_out: *mut usize,
        key_ptr: *const u8,
        key_len: usize,
    ) -> i32;

    /// Removes a key and its value.
    pub fn hostcall_kvstore_remove(key_ptr: *const u8, key_len: usize) -> i32;

    /// Ends the instance; the message becomes the text of a 500 response.
    pub fn hostcall_panic_hook(msg_ptr: *const u8, msg_len: usize);

    /// Gives 64 cryptographically strong random bits.
    pub fn hostcall_rng_next_u64() -> u64;

    /// Gives the seconds since the Unix epoch and, unless the pointer is null, the nanoseconds within the
    /// second.
    pub fn hostcall_time_now(subsec_nanos_out: *mut u32) -> u64;

    /// Sends a whole DNS message and gives the whole answer, which carries the query's transaction id.
    pub fn hostcall_dns_query_raw(
        answer_out: *mut *mut u8,
        answer_len_out: *mut usize,
        query_ptr: *const u8,
        query_len: usize,
    ) -> i32;

    /// Resolves a name to its IPv4 addresses, or to its IPv6 addresses.
    pub fn hostcall_dns_query_ip(
        addresses_out: *mut *mut GuestSlice<u8>,
        addresses_count_out: *mut usize,
        name_ptr: *const u8,
        name_len: usize,
        ipv6: i32,
    ) -> i32;

    /// Writes one line to the deployment's log; a length of -1 means that the message ends at its first NUL.
    pub fn hostcall_debug(msg_ptr: *const u8, msg_len: usize);
}
