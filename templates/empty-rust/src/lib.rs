use http_guest::{Request, Response, guest_app};

fn hello(_request: &Request<Vec<u8>>) -> Response<&'static str> {
    Response::new("Hello from Rust\n")
}

guest_app!(hello);
