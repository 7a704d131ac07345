//! The incoming request, and requests of the program's own.

use crate::hostcalls::types::{RequestHandle, ResponseHandle};
use crate::pending::PendingRequest;
use crate::{header, response, HeaderMap, Method, Request, Response, Uri};
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

/// The incoming request. A method, path or header that the `http` crate refuses is a panic or left out, in this order.
pub(crate) fn incoming() -> Request<Vec<u8>> {
    let handle = RequestHandle::INCOMING;
    let mut request = Request::new(handle.get_body());
    *request.method_mut() = Method::from_bytes(handle.get_method().as_bytes()).unwrap_or_else(|_| panic!("the method is not valid"));
    *request.uri_mut() = handle.get_path().parse::<Uri>().unwrap_or_else(|_| panic!("the path is not a valid URI"));
    fill_headers(request.headers_mut(), &handle.get_headers(), |name| handle.get_header_bytes(name));
    request
}

/// Puts every value of every name into the map; values may be any bytes that HTTP allows.
pub(crate) fn fill_headers(map: &mut HeaderMap, names: &[String], values: impl Fn(&str) -> Vec<Vec<u8>>) {
    for name in names {
        let Ok(key) = header::HeaderName::from_bytes(name.as_bytes()) else { continue };
        for value in values(name) {
            if let Ok(value) = header::HeaderValue::from_bytes(&value) {
                map.append(key.clone(), value);
            }
        }
    }
}

fn create(request: &Request<Vec<u8>>) -> Result<RequestHandle, SendError> {
    let uri = request.uri().to_string();
    let handle = RequestHandle::create(request.method().as_str(), &uri).ok_or(SendError::Hostcall)?;
    for name in request.headers().keys() {
        let values: Vec<&[u8]> = request.headers().get_all(name).iter().map(|value| value.as_bytes()).collect();
        handle.set_header_bytes(name.as_str(), &values).ok_or(SendError::Hostcall)?;
    }
    if !request.body().is_empty() {
        handle.set_body(request.body()).ok_or(SendError::Hostcall)?;
    }
    Ok(handle)
}
