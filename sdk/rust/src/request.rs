//! The incoming request, and requests of the program's own.

use crate::hostcalls::types::{HostcallStatus, RequestHandle, ResponseHandle};
use crate::headers::fill_headers;
use crate::pending::PendingRequest;
use crate::send_error::SendError;
use crate::{http, response, Method, Request, Response, Uri};
use http::uri::PathAndQuery;
#[cfg(not(feature = "current"))]
use http::HttpTryFrom as TryFrom;

/// Sending, for the request type of the `http` crate. The request is consumed.
pub trait RequestExt {
    /// What a request comes to.
    type R;
    /// A request under way.
    type Pending;

    /// Sends the request and waits for the response.
    ///
    /// ```no_run
    /// use http_guest::{Request, RequestExt};
    /// let mut request = Request::new(Vec::new());
    /// *request.uri_mut() = "https://example.com/".parse().unwrap();
    /// let response = request.send().unwrap();
    /// assert_eq!(response.status(), 200);
    /// ```
    fn send(self) -> Result<Self::R, SendError>;

    /// Sends the request; the program goes on while it is under way.
    fn send_async(self) -> Result<Self::Pending, SendError>;
}

impl RequestExt for Request<Vec<u8>> {
    type R = Response<Vec<u8>>;
    type Pending = PendingRequest;

    fn send(self) -> Result<Response<Vec<u8>>, SendError> {
        let handle: ResponseHandle = create(&self)?.send().ok_or(SendError::Hostcall)?;
        response::received(handle)
    }

    fn send_async(self) -> Result<PendingRequest, SendError> {
        create(&self)?.send_async().map(PendingRequest::new).ok_or(SendError::Hostcall)
    }
}

/// The incoming request. A method or path that the `http` crate refuses is a panic; a header that it refuses
/// is left out.
///
/// Kept out of the program's own code, which is compiled for speed: this is compiled for size.
#[inline(never)]
pub(crate) fn incoming() -> Request<Vec<u8>> {
    let handle = RequestHandle::INCOMING;
    let mut request = Request::new(handle.get_body());
    *request.method_mut() =
        Method::from_bytes(&handle.get_method_bytes()).unwrap_or_else(|_| panic!("the method is not valid"));
    *request.uri_mut() =
        path_only(&handle.get_path_bytes()).unwrap_or_else(|| panic!("the path is not a valid URI"));
    fill_headers(request.headers_mut(), handle.get_header_names(), |name| handle.get_values(name));
    request
}

/// A URI of path and query. What the platform accepts and the `http` crate refuses (quotes, angle brackets,
/// bytes beyond ASCII) is percent-encoded. The parser of whole URIs stays out of programs that need it
/// nowhere else: 3 KB.
fn path_only(path: &[u8]) -> Option<Uri> {
    let mut parts = http::uri::Parts::default();
    let parsed = <PathAndQuery as TryFrom<&[u8]>>::try_from(path);
    parts.path_and_query = match parsed {
        Ok(path) => Some(path),
        Err(_) => <PathAndQuery as TryFrom<&[u8]>>::try_from(&percent_encoded(path)).ok(),
    };
    parts.path_and_query.as_ref()?;
    Uri::from_parts(parts).ok()
}

#[cold]
#[inline(never)]
fn percent_encoded(path: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(3 * path.len());
    for &byte in path {
        if byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte) {
            encoded.push(byte);
        } else {
            let digits = b"0123456789ABCDEF";
            encoded.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        }
    }
    encoded
}

fn create(request: &Request<Vec<u8>>) -> Result<RequestHandle, SendError> {
    let uri = request.uri().to_string();
    let handle = RequestHandle::create(request.method().as_str(), &uri).ok_or(SendError::Hostcall)?;
    for name in request.headers().keys() {
        let values: Vec<&[u8]> =
            request.headers().get_all(name).iter().map(|value| value.as_bytes()).collect();
        accepted(handle.set_header_bytes(name.as_str(), &values))?;
    }
    if !request.body().is_empty() {
        accepted(handle.set_body(request.body()))?;
    }
    Ok(handle)
}

fn accepted(status: HostcallStatus) -> Result<(), SendError> {
    match status {
        HostcallStatus::Ok => Ok(()),
        HostcallStatus::Invalid => Err(SendError::Hostcall),
    }
}
