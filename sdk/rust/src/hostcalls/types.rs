//! Handles of requests and responses, with a method for each hostcall of that handle.

pub use super::raw::GuestSlice;

use super::{borrow_slices, raw, take_bytes, take_slices};

/// A request: the incoming one, or one that the program made.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestHandle(pub i32);

/// A response: the outgoing one, or one that was received.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResponseHandle(pub i32);

/// A request under way.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PendingRequestHandle(pub i32);

/// What a hostcall that changes something answers.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostcallStatus {
    /// It was done.
    Ok = 0,
    /// The platform refused it.
    Invalid = 1,
}

/// The incoming request.
pub const INCOMING: RequestHandle = RequestHandle(0);
/// The outgoing response.
pub const OUTGOING: ResponseHandle = ResponseHandle(0);
/// Instead of a handle: the call failed.
pub const ERROR: i32 = -1;
/// Instead of a response handle: not ready.
pub const NOT_READY: i32 = -2;

/// What polling found, unless the request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollResult {
    /// Not yet: the handle stays valid.
    NotReady(PendingRequestHandle),
    /// The response; the pending handle is gone.
    Response(ResponseHandle),
}

impl HostcallStatus {
    /// Whether it was done.
    pub fn is_ok(self) -> bool {
        self == HostcallStatus::Ok
    }

    /// Whether the platform refused it.
    pub fn is_error(self) -> bool {
        !self.is_ok()
    }
}

impl From<i32> for HostcallStatus {
    fn from(status: i32) -> Self {
        if status == HostcallStatus::Ok as i32 {
            HostcallStatus::Ok
        } else {
            HostcallStatus::Invalid
        }
    }
}

/// Handles as plain numbers.
macro_rules! number {
    ($($handle:ident),*) => {$(
        impl From<i32> for $handle {
            fn from(number: i32) -> Self {
                $handle(number)
            }
        }

        impl $handle {
            /// Whether it stands for a failure instead of naming something.
            pub fn is_error(&self) -> bool {
                self.0 < 0
            }
        }
    )*};
}

number!(RequestHandle, ResponseHandle, PendingRequestHandle);

impl RequestHandle {
    /// The incoming request.
    pub const INCOMING: RequestHandle = INCOMING;
    /// Instead of a handle: the call failed.
    pub const ERROR: RequestHandle = RequestHandle(ERROR);

    /// A new request; none if method or URL are malformed.
    pub fn create(method: &str, url: &str) -> Option<RequestHandle> {
        // SAFETY: both slices live through the call.
        let handle =
            unsafe { raw::hostcall_req_create(method.as_ptr(), method.len(), url.as_ptr(), url.len()) };
        Some(RequestHandle(handle)).filter(|handle| !handle.is_error())
    }

    /// The method.
    pub fn get_method(self) -> String {
        text(self.get_method_bytes())
    }

    /// Path and query, raw as sent.
    pub fn get_path(self) -> String {
        text(self.get_path_bytes())
    }

    pub(crate) fn get_method_bytes(self) -> Vec<u8> {
        take_bytes(|pointer, len| unsafe { raw::hostcall_req_get_method(pointer, len, self.0) })
    }

    pub(crate) fn get_path_bytes(self) -> Vec<u8> {
        take_bytes(|pointer, len| unsafe { raw::hostcall_req_get_path(pointer, len, self.0) })
    }

    /// Sends the request and waits for the response.
    pub fn send(self) -> Option<ResponseHandle> {
        // SAFETY: only a number crosses the border.
        response(unsafe { raw::hostcall_req_send(self.0) })
    }

    /// Sends the request without waiting.
    pub fn send_async(self) -> Option<PendingRequestHandle> {
        // SAFETY: only a number crosses the border.
        let handle = unsafe { raw::hostcall_req_send_async(self.0) };
        Some(PendingRequestHandle(handle)).filter(|handle| !handle.is_error())
    }
}

impl PendingRequestHandle {
    /// Instead of a handle: the call failed.
    pub const ERROR: PendingRequestHandle = PendingRequestHandle(ERROR);

    /// Waits for the response.
    pub fn wait(self) -> Option<ResponseHandle> {
        // SAFETY: only a number crosses the border.
        response(unsafe { raw::hostcall_pending_req_wait(self.0) })
    }

    /// Looks whether the response is there; none if the request failed.
    pub fn poll(self) -> Option<PollResult> {
        // SAFETY: only a number crosses the border.
        match unsafe { raw::hostcall_pending_req_poll(self.0) } {
            NOT_READY => Some(PollResult::NotReady(self)),
            answer => response(answer).map(PollResult::Response),
        }
    }
}

impl ResponseHandle {
    /// The outgoing response.
    pub const OUTGOING: ResponseHandle = OUTGOING;
    /// Instead of a handle: the call failed.
    pub const ERROR: ResponseHandle = ResponseHandle(ERROR);
    /// Instead of a handle: not ready.
    pub const NOT_READY: ResponseHandle = ResponseHandle(NOT_READY);

    /// The status code.
    pub fn get_response_code(self) -> u16 {
        // SAFETY: only a number crosses the border.
        unsafe { raw::hostcall_resp_get_response_code(self.0) as u16 }
    }

    /// Sets the status code.
    pub fn set_response_code(self, code: u16) -> HostcallStatus {
        // SAFETY: only numbers cross the border.
        unsafe { raw::hostcall_resp_set_response_code(self.0, i32::from(code)) }.into()
    }
}

/// Headers and body of a message, by the hostcalls of its kind.
macro_rules! headers_and_body {
    (
        $handle:ident,
        $get_headers:ident,
        $get_header:ident,
        $set_header:ident,
        $get_body:ident,
        $set_body:ident
    ) => {
        impl $handle {
            /// Names of all headers, each once, in lower case.
            pub fn get_headers(self) -> Vec<String> {
                self.get_header_names().map(text).collect()
            }

            /// All values of one header, in order; bytes that are no UTF-8 are replaced.
            pub fn get_header(self, name: &str) -> Vec<String> {
                self.get_header_bytes(name).into_iter().map(text).collect()
            }

            /// All values of one header, in order, as they came.
            pub fn get_header_bytes(self, name: &str) -> Vec<Vec<u8>> {
                self.get_values(name.as_bytes()).collect()
            }

            pub(crate) fn get_header_names(self) -> std::vec::IntoIter<Vec<u8>> {
                take_slices(|slices, count| unsafe { raw::$get_headers(slices, count, self.0) })
            }

            pub(crate) fn get_values(self, name: &[u8]) -> std::vec::IntoIter<Vec<u8>> {
                take_slices(|slices, count| unsafe {
                    raw::$get_header(slices, count, self.0, name.as_ptr(), name.len())
                })
            }

            /// The whole body.
            pub fn get_body(self) -> Vec<u8> {
                take_bytes(|pointer, len| unsafe { raw::$get_body(pointer, len, self.0) })
            }

            /// Replaces all values of a header.
            pub fn set_header(self, name: &str, values: &[&str]) -> HostcallStatus {
                let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
                self.set_header_bytes(name, &values)
            }

            /// Replaces all values of a header.
            pub fn set_header_bytes(self, name: &str, values: &[&[u8]]) -> HostcallStatus {
                let slices = borrow_slices(values);
                // SAFETY: name, slices and what they point to live through the call.
                unsafe {
                    raw::$set_header(self.0, name.as_ptr(), name.len(), slices.as_ptr(), slices.len())
                }
                .into()
            }

            /// Replaces the body.
            pub fn set_body(self, body: &[u8]) -> HostcallStatus {
                // SAFETY: the slice lives through the call.
                unsafe { raw::$set_body(self.0, body.as_ptr(), body.len()) }.into()
            }
        }
    };
}

headers_and_body!(
    RequestHandle,
    hostcall_req_get_headers,
    hostcall_req_get_header,
    hostcall_req_set_header,
    hostcall_req_get_body,
    hostcall_req_set_body
);
headers_and_body!(
    ResponseHandle,
    hostcall_resp_get_headers,
    hostcall_resp_get_header,
    hostcall_resp_set_header,
    hostcall_resp_get_body,
    hostcall_resp_set_body
);

fn response(answer: i32) -> Option<ResponseHandle> {
    Some(ResponseHandle(answer)).filter(|handle| !handle.is_error())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
