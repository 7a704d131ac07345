mod prelude;

use http_guest::hostcalls::{self, raw};
use prelude::Said;

fn guest(_: u8, _: &mut Said) {
    hostcalls::debug(&"by length, no more"[..9]);
    // SAFETY: the text ends with a NUL.
    unsafe { raw::hostcall_debug(c"to its NUL".as_ptr().cast(), usize::MAX) };
    hostcalls::debug("");
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
