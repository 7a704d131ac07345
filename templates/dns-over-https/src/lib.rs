//! A DNS resolver over HTTPS (RFC 8484).

mod message;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use http_guest::{guest_app, header, Method, Request, Response, DNS};

const PATH: &str = "/dns-query";
const MEDIA_TYPE: &str = "application/dns-message";
/// Longest message that DNS knows.
const MAX_MESSAGE_BYTES: usize = 65_535;

fn resolve(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    match query_of(request).and_then(|query| answer(&query)) {
        Ok(response) => response,
        Err((status, reason)) => plain(status, reason),
    }
}

/// The DNS message that the request carries, or status and reason.
fn query_of(request: &Request<Vec<u8>>) -> Result<Vec<u8>, (u16, &'static str)> {
    if request.uri().path() != PATH {
        return Err((404, "The resolver is at /dns-query\n"));
    }
    let message = match *request.method() {
        Method::GET | Method::HEAD => {
            let query = request.uri().query().unwrap_or("");
            let text = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("dns="))
                .ok_or((400, "The parameter dns is missing\n"))?;
            URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .map_err(|_| (400, "The parameter dns is not base64url\n"))?
        }
        Method::POST => {
            let media_type = request
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("");
            if media_type.split(';').next().map(str::trim) != Some(MEDIA_TYPE) {
                return Err((415, "The content type must be application/dns-message\n"));
            }
            request.body().clone()
        }
        _ => return Err((405, "Use GET or POST\n")),
    };
    if message.len() > MAX_MESSAGE_BYTES {
        return Err((413, "The message is too long\n"));
    }
    if message.len() < message::HEADER_BYTES || message::is_response(&message) {
        return Err((400, "This is no DNS query\n"));
    }
    Ok(message)
}

fn answer(query: &[u8]) -> Result<Response<Vec<u8>>, (u16, &'static str)> {
    let answer = DNS::query_raw(query).map_err(|_| (502, "The resolver does not answer\n"))?;
    let mut response = Response::builder().header(header::CONTENT_TYPE, MEDIA_TYPE);
    if let Some(seconds) = message::smallest_time_to_live(&answer) {
        response = response.header(header::CACHE_CONTROL, format!("max-age={seconds}"));
    }
    Ok(response.body(answer).expect("headers are valid"))
}

fn plain(status: u16, reason: &str) -> Response<Vec<u8>> {
    let response =
        Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    response.body(reason.into()).expect("status and header are valid")
}

guest_app!(resolve);
