//! Panics reach the platform with message, file and line, and become the response.

use crate::hostcalls;
use std::sync::Once;

/// Installs the panic hook once; [`guest_app!`](crate::guest_app) does it first of all.
pub fn panic_set_once() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|info| hostcalls::panic_hook(&info.to_string()))));
}
