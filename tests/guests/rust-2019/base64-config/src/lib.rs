extern crate base64;
#[macro_use]
extern crate http_guest;

use http_guest::{Request, Response, StatusCode};

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let query = req.uri().query().unwrap_or("");
    match base64::decode_config(query, base64::URL_SAFE_NO_PAD) {
        Ok(mut bytes) => {
            bytes.reverse();
            let text = base64::encode_config(&bytes, base64::URL_SAFE_NO_PAD);
            Response::new([text, base64::encode(&bytes)].join(" ").into_bytes())
        }
        Err(_) => {
            let mut resp = Response::new(b"not base64".to_vec());
            *resp.status_mut() = StatusCode::BAD_REQUEST;
            resp
        }
    }
}

guest_app!(user_entrypoint);
