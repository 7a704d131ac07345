//! From the platform's call of `run` to the program's function and back.

use crate::hostcalls;
#[cfg(feature = "current")]
use crate::into_response::IntoResponse;
use crate::kvstore::KVStore;
use crate::memory;
use crate::{request, response, Request, Response};
use std::mem::ManuallyDrop;

/// Makes `f` the program: `f: Fn(&Request<Vec<u8>>) -> Response<Vec<u8>>`, or, in the current set, anything
/// that returns what [`IntoResponse`] knows.
///
/// ```no_run
/// use http_guest::{guest_app, Request, Response};
/// guest_app!(|request: &Request<Vec<u8>>| Response::new(request.body().clone()));
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! guest_app {
    ($f:expr) => {
        #[no_mangle]
        pub extern "C" fn run() {
            $crate::panic_set_once();
            $crate::init_mm_default();
            $crate::raw_entrypoint($f);
        }
    };
}

/// As [`guest_app!`], for a program that uses the store:
/// `f: Fn(&mut KVStore, &Request<Vec<u8>>) -> Response<Vec<u8>>`.
///
/// ```no_run
/// use http_guest::{guest_app_kvs, KVStore, Request, Response};
/// guest_app_kvs!(|store: &mut KVStore, request: &Request<Vec<u8>>| {
///     store.append("visits", b".");
///     let visits = store.get("visits").map_or(0, |dots| dots.len());
///     Response::new(format!("visit {}\n", visits).into_bytes())
/// });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! guest_app_kvs {
    ($f:expr) => {
        #[no_mangle]
        pub extern "C" fn run() {
            $crate::panic_set_once();
            $crate::init_mm_default();
            $crate::raw_entrypoint_kvs($f);
        }
    };
}

/// Tells the platform which functions to obtain and release memory with.
pub fn init_mm_default() {
    hostcalls::init_mm(memory::allocate, memory::release);
}

/// Runs `f` on the incoming request and hands its response to the platform.
#[cfg(feature = "current")]
pub fn raw_entrypoint<F, R>(f: F)
where
    F: Fn(&Request<Vec<u8>>) -> R,
    R: IntoResponse,
{
    run_once(&|request| f(request).into_response());
}

/// As [`raw_entrypoint`], with the deployment's store.
#[cfg(feature = "current")]
pub fn raw_entrypoint_kvs<F, R>(f: F)
where
    F: Fn(&mut KVStore, &Request<Vec<u8>>) -> R,
    R: IntoResponse,
{
    run_once(&|request| f(&mut KVStore::new(), request).into_response());
}

/// Kept out of the program's own code, which is compiled for speed: this is compiled for size.
#[inline(never)]
fn run_once(f: &dyn Fn(&Request<Vec<u8>>) -> Response<Vec<u8>>) {
    // The instance ends with the run: to drop either would cost time, and 1 KB of code.
    let request = ManuallyDrop::new(request::incoming());
    let response = ManuallyDrop::new(f(&request));
    response::send(&response);
}

// The 2019 set keeps the exact types: programs of 2019 rely on inference from them.

/// Runs `f` on the incoming request and hands its response to the platform.
#[cfg(not(feature = "current"))]
pub fn raw_entrypoint<F>(f: F)
where
    F: Fn(&Request<Vec<u8>>) -> Response<Vec<u8>>,
{
    run_once(&|request| f(request));
}

/// As [`raw_entrypoint`], with the deployment's store.
#[cfg(not(feature = "current"))]
pub fn raw_entrypoint_kvs<F>(f: F)
where
    F: Fn(&mut KVStore, &Request<Vec<u8>>) -> Response<Vec<u8>>,
{
    run_once(&|request| f(&mut KVStore::new(), request));
}
