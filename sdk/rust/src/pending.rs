//! Requests that are under way while the program goes on.

use crate::hostcalls;
use crate::hostcalls::types::{self, PendingRequestHandle};
use crate::send_error::SendError;
use crate::{response, Response};

/// A request that was sent and not yet answered.
///
/// ```no_run
/// use http_guest::{PollResult, Request, RequestExt};
/// let mut request = Request::new(Vec::new());
/// *request.uri_mut() = "https://example.com/".parse().unwrap();
/// let mut pending = request.send_async().unwrap();
/// let response = loop {
///     pending = match pending.poll().unwrap() {
///         PollResult::NotReady(pending) => pending,
///         PollResult::Response(response) => break response,
///     };
/// };
/// assert_eq!(response.status(), 200);
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct PendingRequest {
    handle: PendingRequestHandle,
}

/// What [`PendingRequest::poll`] found.
#[derive(Debug)]
pub enum PollResult {
    /// Not yet: here it is again.
    NotReady(PendingRequest),
    /// The answer.
    Response(Response<Vec<u8>>),
}

impl PendingRequest {
    pub(crate) fn new(handle: PendingRequestHandle) -> Self {
        PendingRequest { handle }
    }

    /// Waits for the response.
    pub fn wait(self) -> Result<Response<Vec<u8>>, SendError> {
        response::received(self.handle.wait().ok_or(SendError::Hostcall)?)
    }

    /// Looks whether the response is there, without waiting for it.
    pub fn poll(self) -> Result<PollResult, SendError> {
        match self.handle.poll() {
            None => Err(SendError::Hostcall),
            Some(types::PollResult::NotReady(handle)) => Ok(PollResult::NotReady(PendingRequest { handle })),
            Some(types::PollResult::Response(handle)) => {
                response::received(handle).map(PollResult::Response)
            }
        }
    }
}

/// Waits until one of the requests is done: that one with its response, or that one alone if it failed. The
/// others stay valid; compare with `==` to find which it was. The one that is done must not be waited for
/// again.
///
/// # Panics
/// If `pending` is empty, or holds a request that is already done.
pub fn select(pending: &[&PendingRequest]) -> Result<(PendingRequest, Response<Vec<u8>>), PendingRequest> {
    let handles: Vec<&PendingRequestHandle> = pending.iter().map(|one| &one.handle).collect();
    let (done, response) = hostcalls::select(&handles).map_err(PendingRequest::new)?;
    let done = PendingRequest::new(done);
    match response::received(response) {
        Ok(response) => Ok((done, response)),
        Err(_) => Err(done),
    }
}
