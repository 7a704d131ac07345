use http_guest::{guest_app, Request, Response};

fn hello(_request: &Request<Vec<u8>>) -> Response<&'static str> {
    Response::new("Hello from Rust\n")
}

guest_app!(hello);
