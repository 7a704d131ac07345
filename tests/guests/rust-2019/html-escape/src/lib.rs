extern crate htmlescape;
#[macro_use]
extern crate http_guest;

use htmlescape::{decode_html, encode_attribute, encode_minimal};
use http_guest::{Request, Response};

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let text = String::from_utf8_lossy(req.body()).to_string();
    let back = decode_html(&encode_minimal(&text)).unwrap();
    Response::new(format!("{} {} {}", encode_minimal(&text), encode_attribute(&text), back == text).into_bytes())
}

guest_app!(user_entrypoint);
