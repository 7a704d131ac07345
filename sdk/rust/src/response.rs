//! Responses: received from upstreams, and the one that goes out.

use crate::headers::fill_headers;
use crate::hostcalls::types::ResponseHandle;
use crate::send_error::SendError;
use crate::{Response, StatusCode};

/// Reads a received response whole.
pub(crate) fn received(handle: ResponseHandle) -> Result<Response<Vec<u8>>, SendError> {
    let mut response = Response::new(handle.get_body());
    let status = StatusCode::from_u16(handle.get_response_code()).map_err(crate::Error::from)?;
    *response.status_mut() = status;
    fill_headers(response.headers_mut(), handle.get_header_names(), |name| handle.get_values(name));
    Ok(response)
}

/// Hands the program's response to the platform. What the platform refuses is a panic that names it.
#[inline(never)]
pub(crate) fn send(response: &Response<Vec<u8>>) {
    let handle = ResponseHandle::OUTGOING;
    if handle.set_response_code(response.status().as_u16()).is_error() {
        panic!("the platform refuses the status code");
    }
    for name in response.headers().keys() {
        let values: Vec<&[u8]> =
            response.headers().get_all(name).iter().map(|value| value.as_bytes()).collect();
        if handle.set_header_bytes(name.as_str(), &values).is_error() {
            panic!("the platform refuses the response header {}", name.as_str());
        }
    }
    if handle.set_body(response.body()).is_error() {
        panic!("the platform refuses the response body");
    }
}
