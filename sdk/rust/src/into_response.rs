//! What a program of the current set may return besides `Response<Vec<u8>>`.

use crate::Response;

/// Something that a program may return.
///
/// ```
/// use http_guest::{IntoResponse, Response};
/// assert_eq!(Response::new("hello").into_response().body(), b"hello");
/// let failed: Result<Response<String>, &str> = Err("no upstream");
/// assert_eq!(failed.into_response().status(), 500);
/// ```
pub trait IntoResponse {
    /// The response as it goes out.
    fn into_response(self) -> Response<Vec<u8>>;
}

/// Bodies that a response may have.
pub trait Body {
    /// The bytes as they go out.
    fn into_bytes(self) -> Vec<u8>;
}

impl Body for Vec<u8> {
    fn into_bytes(self) -> Vec<u8> {
        self
    }
}

impl Body for () {
    fn into_bytes(self) -> Vec<u8> {
        Vec::new()
    }
}

macro_rules! body_by_copy {
    ($($body:ty),*) => {$(
        impl Body for $body {
            fn into_bytes(self) -> Vec<u8> {
                Vec::from(self)
            }
        }
    )*};
}

body_by_copy!(String, &str, &[u8], Box<[u8]>);

impl Body for Box<str> {
    fn into_bytes(self) -> Vec<u8> {
        String::from(self).into_bytes()
    }
}

impl<const N: usize> Body for &[u8; N] {
    fn into_bytes(self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<const N: usize> Body for [u8; N] {
    fn into_bytes(self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<B: AsRef<[u8]> + ToOwned + ?Sized> Body for std::borrow::Cow<'_, B> {
    fn into_bytes(self) -> Vec<u8> {
        self.as_ref().as_ref().to_vec()
    }
}

impl<B: Body> Body for Option<B> {
    fn into_bytes(self) -> Vec<u8> {
        self.map_or_else(Vec::new, Body::into_bytes)
    }
}

impl<B: Body> IntoResponse for Response<B> {
    fn into_response(self) -> Response<Vec<u8>> {
        self.map(Body::into_bytes)
    }
}

/// An error becomes a 500 whose body is the error's text.
impl<R: IntoResponse, E: std::fmt::Display> IntoResponse for Result<R, E> {
    fn into_response(self) -> Response<Vec<u8>> {
        self.map_or_else(|error| failure(&error), IntoResponse::into_response)
    }
}

fn failure(error: &dyn std::fmt::Display) -> Response<Vec<u8>> {
    let mut response = Response::new(format!("{}\n", error).into_bytes());
    *response.status_mut() = crate::StatusCode::INTERNAL_SERVER_ERROR;
    response
}
