mod prelude;

use http_guest::hostcalls::{self, OUTGOING};
use prelude::Said;

fn guest(_: u8, _: &mut Said) {
    OUTGOING.set_body(b"never sent");
    hostcalls::panic_hook("out of cheese");
    hostcalls::debug("never reached");
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
