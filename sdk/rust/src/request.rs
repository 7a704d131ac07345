//! The incoming request, and requests of the program's own.

use crate::hostcalls::types::{RequestHandle, ResponseHandle};
use crate::pending::PendingRequest;
use crate::{header, http, response, HeaderMap, Method, Request, Response, Uri};
use http::uri::PathAndQuery;
#[cfg(not(feature = "current"))]
use http::HttpTryFrom as TryFrom;
use std::fmt;

/// Why a request could not be sent, or its response not be read.
#[derive(Debug)]
pub enum SendError {
    /// The platform said no: unreachable, refused by policy, timed out, or not a valid request.
    Hostcall,
    /// A header value is no text.
    HeaderToStr(header::ToStrError),
    /// The response is not one that the `http` crate can hold.
    Http(crate::Error),
}

impl fmt::Display for SendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::Hostcall => out.write_str("the request failed"),
            SendError::HeaderToStr(error) => write!(out, "a header value is no text: {}", error),
            SendError::Http(error) => write!(out, "the response is not valid: {}", error),
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SendError::Hostcall => None,
            SendError::HeaderToStr(error) => Some(error),
            SendError::Http(error) => Some(error),
        }
    }
}

impl From<header::ToStrError> for SendError {
    fn from(error: header::ToStrError) -> Self {
        SendError::HeaderToStr(error)
    }
}

impl From<crate::Error> for SendError {
    fn from(error: crate::Error) -> Self {
        SendError::Http(error)
    }
}

/// Sending, for the request type of the `http` crate.
pub trait RequestExt {
    /// Sends the request and waits for the response.
    ///
    /// ```no_run
    /// use http_guest::{Request, RequestExt};
    /// let mut request = Request::new(Vec::new());
    /// *request.uri_mut() = "https://example.com/".parse().unwrap();
    /// let response = request.send().unwrap();
    /// assert_eq!(response.status(), 200);
    /// ```
    fn send(&self) -> Result<Response<Vec<u8>>, SendError>;

    /// Sends the request; the program goes on while it is under way.
    fn send_async(&self) -> Result<PendingRequest, SendError>;
}

impl RequestExt for Request<Vec<u8>> {
    fn send(&self) -> Result<Response<Vec<u8>>, SendError> {
        let handle: ResponseHandle = create(self)?.send().ok_or(SendError::Hostcall)?;
        response::received(handle)
    }

    fn send_async(&self) -> Result<PendingRequest, SendError> {
        create(self)?.send_async().map(PendingRequest::new).ok_or(SendError::Hostcall)
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

/// A URI of path and query. The parser of whole URIs stays out of programs that need it nowhere else: 3 KB.
fn path_only(path: &[u8]) -> Option<Uri> {
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = Some(<PathAndQuery as TryFrom<&[u8]>>::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

/// Puts every value of every name into the map; values may be any bytes that HTTP allows.
pub(crate) fn fill_headers<V: Iterator<Item = Vec<u8>>>(
    map: &mut HeaderMap,
    names: impl Iterator<Item = Vec<u8>>,
    values: impl Fn(&[u8]) -> V,
) {
    for name in names {
        let Ok(key) = header::HeaderName::from_bytes(&name) else { continue };
        for value in values(&name) {
            if let Ok(value) = header::HeaderValue::from_bytes(&value) {
                append(map, &key, value);
            }
        }
    }
}

/// The platform bounds the number of headers far below what a map can hold; not to panic is smaller.
#[cfg(feature = "current")]
fn append(map: &mut HeaderMap, name: &header::HeaderName, value: header::HeaderValue) {
    let _ = map.try_append(name, value);
}

#[cfg(not(feature = "current"))]
fn append(map: &mut HeaderMap, name: &header::HeaderName, value: header::HeaderValue) {
    map.append(name, value);
}

fn create(request: &Request<Vec<u8>>) -> Result<RequestHandle, SendError> {
    let uri = request.uri().to_string();
    let handle = RequestHandle::create(request.method().as_str(), &uri).ok_or(SendError::Hostcall)?;
    for name in request.headers().keys() {
        let values: Vec<&[u8]> =
            request.headers().get_all(name).iter().map(|value| value.as_bytes()).collect();
        handle.set_header_bytes(name.as_str(), &values).ok_or(SendError::Hostcall)?;
    }
    if !request.body().is_empty() {
        handle.set_body(request.body()).ok_or(SendError::Hostcall)?;
    }
    Ok(handle)
}
