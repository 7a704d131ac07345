mod prelude;

use http_guest::hostcalls::{self, raw};
use prelude::Said;

fn guest(_: u8, said: &mut Said) {
    let (seconds, nanoseconds) = hostcalls::time_now();
    said.number(seconds as i64);
    said.number(nanoseconds);
    // SAFETY: null is allowed.
    said.number(unsafe { raw::hostcall_time_now(std::ptr::null_mut()) } as i64);
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
