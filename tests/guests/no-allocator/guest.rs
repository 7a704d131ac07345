use http_guest::hostcalls::{INCOMING, OUTGOING};

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    let body = INCOMING.get_body();
    OUTGOING.set_body(if body.is_empty() { b"nothing" } else { b"something" });
}
