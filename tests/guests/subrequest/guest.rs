mod prelude;

use http_guest::hostcalls::types::{RequestHandle, ResponseHandle};
use http_guest::hostcalls::INCOMING;
use prelude::{to_origin, Said};

fn exchange(said: &mut Said) {
    let request = to_origin("POST");
    said.status(request.set_header("x-test", &["a", "b"]));
    said.status(request.set_body(b"ping"));
    let response = request.send().expect("a response");
    said.number(response.get_response_code());
    said.list(&response.get_header("X-Reply"));
    said.value(&response.get_body());
    said.list(&response.get_header("x-absent"));
    said.list(&response.get_headers());
}

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => {
            said.number(RequestHandle::create("GET", "nonsense").unwrap_or(RequestHandle::ERROR).0);
            said.number(
                RequestHandle::create("GE T", "http://example.com/").unwrap_or(RequestHandle::ERROR).0,
            );
        }
        b'2' => {
            let request = to_origin("GET");
            said.response(request.send());
            said.response(request.send());
            said.status(request.set_header("x-a", &["a"]));
            said.status(request.set_body(b"ping"));
        }
        b'3' => {
            said.status(INCOMING.set_header("x-a", &["a"]));
            said.status(INCOMING.set_body(b"ping"));
            said.response(INCOMING.send());
        }
        b'4' => {
            let request = to_origin("GET");
            said.status(request.set_header("bad name", &["a"]));
            said.status(request.set_header("x-bad", &["a\nb"]));
            said.status(request.set_header("x-a", &["a"]));
        }
        b'5' => said.number(ResponseHandle(99).get_response_code()),
        b'6' => said.list(&ResponseHandle::OUTGOING.get_headers()),
        b'7' => said.list(&ResponseHandle(99).get_header("x-a")),
        b'8' => said.value(&ResponseHandle(99).get_body()),
        b'9' => {
            let response = to_origin("GET").send().expect("a response");
            said.status(response.set_response_code(404));
            said.status(response.set_header("x-a", &[]));
            said.status(response.set_body(b"ping"));
        }
        _ => exchange(said),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
