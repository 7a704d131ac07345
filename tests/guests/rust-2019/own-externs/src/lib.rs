// A program that declares the hostcalls that it uses itself, as programs without the library did.
extern "C" {
    fn hostcall_resp_set_body(resp: i32, body_ptr: *const u8, body_len: usize) -> i32;
    fn hostcall_resp_set_response_code(resp: i32, code: i32) -> i32;
}

#[no_mangle]
pub extern "C" fn run() {
    let body = b"by hand";
    unsafe {
        hostcall_resp_set_response_code(0, 203);
        hostcall_resp_set_body(0, body.as_ptr(), body.len());
    }
}
