//! Write programs for Terrarium in Rust.
//!
//! A program is one function from a request to a response. Each request runs it in a fresh instance: nothing
//! survives but what it puts into its deployment's key-value store.
//!
//! ```no_run
//! use http_guest::{guest_app, Request, Response};
//!
//! fn hello(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
//!     Response::new(format!("{} {}\n", request.method(), request.uri()).into_bytes())
//! }
//!
//! guest_app!(hello);
//! # fn main() {}
//! ```
//!
//! The crate serves two sets of dependencies from one source: the *current* one (feature `current`, `http`
//! 1.x) and that of 2019 (feature `set-2019`, `http` 0.1). See the README for both.

#![cfg_attr(http_guest_on_platform, feature(alloc_error_hook, linkage))]

#[cfg(not(any(feature = "current", feature = "set-2019")))]
compile_error!("http_guest needs one of its features `current` (default) or `set-2019`");

#[cfg(all(feature = "set-2019", not(feature = "current")))]
use http_01 as http;
#[cfg(feature = "current")]
use http_1 as http;
#[cfg(feature = "allocator")]
use http_guest_allocator as _;

pub use http::{header, Error, HeaderMap, Method, Request, Response, StatusCode, Uri};

mod dns;
mod entrypoint;
mod headers;
pub mod hostcalls;
mod into_response;
pub mod kvstore;
mod memory;
mod panic;
mod pending;
pub mod rand;
mod request;
mod response;
mod send_error;
pub mod time;

pub use crate::dns::{DNSError, DNS};
pub use crate::entrypoint::{init_mm_default, raw_entrypoint, raw_entrypoint_kvs};
pub use crate::into_response::IntoResponse;
pub use crate::kvstore::KVStore;
pub use crate::panic::panic_set_once;
pub use crate::pending::{select, PendingRequest, PollResult};
pub use crate::request::RequestExt;
pub use crate::send_error::SendError;
pub use crate::time::Time;

/// The examples of the README, which are tested as those here are.
#[cfg(all(doctest, feature = "current"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
