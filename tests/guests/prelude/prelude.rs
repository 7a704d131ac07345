//! What all Rust guests share: they say words, each followed by a space, and the words become the response's
//! body. The second byte of the path chooses what a guest does.
#![allow(dead_code)]

use http_guest::hostcalls::types::{HostcallStatus, PendingRequestHandle, RequestHandle, ResponseHandle};
use http_guest::hostcalls::{INCOMING, OUTGOING};

/// What a guest has said.
pub struct Said(Vec<u8>);

impl Said {
    pub fn text(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
        self.0.push(b' ');
    }

    pub fn number(&mut self, number: impl Into<i64>) {
        self.text(number.into().to_string().as_bytes());
    }

    /// 0 or 1, as the hostcall said.
    pub fn status(&mut self, status: HostcallStatus) {
        self.number(status as i32);
    }

    /// Says "null" for nothing, which is all that the library shows of a null pointer.
    pub fn value(&mut self, bytes: &[u8]) {
        self.text(if bytes.is_empty() { b"null" } else { bytes });
    }

    /// Elements joined by '|'.
    pub fn list(&mut self, elements: &[String]) {
        self.value(elements.join("|").as_bytes());
    }

    pub fn response(&mut self, response: Option<ResponseHandle>) {
        self.number(response.unwrap_or(ResponseHandle::ERROR).0);
    }

    pub fn body_of(&mut self, response: Option<ResponseHandle>) {
        self.value(&response.expect("a response").get_body());
    }
}

/// Runs a guest.
pub fn run(guest: fn(u8, &mut Said)) {
    http_guest::panic_set_once();
    http_guest::init_mm_default();
    let choice = INCOMING.get_path().as_bytes().get(1).copied().unwrap_or(b'/');
    let mut said = Said(Vec::new());
    guest(choice, &mut said);
    if !said.0.is_empty() {
        assert!(OUTGOING.set_body(&said.0).is_ok(), "the body can be set");
    }
}

fn url() -> String {
    INCOMING.get_header("x-url").remove(0)
}

/// A new request to the URL in the incoming request's header x-url.
pub fn to_origin(method: &str) -> RequestHandle {
    RequestHandle::create(method, &url()).expect("a valid request")
}

/// The same, with a path behind the URL, sent.
pub fn send_to(path: &str) -> PendingRequestHandle {
    let request = RequestHandle::create("GET", &(url() + path)).expect("a valid request");
    request.send_async().expect("a request under way")
}
