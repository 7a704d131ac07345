#[macro_use]
extern crate http_guest;
extern crate http;

use http::HeaderMap;
use http_guest::{Request, Response};

fn count(headers: &HeaderMap) -> usize {
    headers.keys().filter(|name| name.as_str().starts_with("x-")).count()
}

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let mut resp = Response::builder();
    resp.status(201);
    resp.header("x-count", count(req.headers()).to_string().as_str());
    resp.body(Vec::new()).unwrap()
}

guest_app!(user_entrypoint);
