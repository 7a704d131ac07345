//! Panics reach the platform with message, file and line, and become the response. Where the platform builds
//! the program, so does an allocation that fails; stable releases of the compiler have no hook for it, and
//! elsewhere it is a bare trap.

use crate::hostcalls;
use std::sync::atomic::{AtomicBool, Ordering};

/// Installs the panic hook once; [`guest_app!`](crate::guest_app) does it first of all.
pub fn panic_set_once() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.swap(true, Ordering::Relaxed) {
        std::panic::set_hook(Box::new(|info| hostcalls::panic_hook(&format!("{}", info))));
        #[cfg(http_guest_on_platform)]
        std::alloc::set_alloc_error_hook(|_| {
            hostcalls::panic_hook("out of memory: the program asked for more than its memory limit")
        });
    }
}
