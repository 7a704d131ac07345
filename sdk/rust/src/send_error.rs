//! What can go wrong with a request of the program's own.

use crate::header;
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
