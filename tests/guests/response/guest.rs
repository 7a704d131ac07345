mod prelude;

use http_guest::hostcalls::types::ResponseHandle;
use http_guest::hostcalls::OUTGOING;
use prelude::Said;

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => {
            said.status(OUTGOING.set_response_code(0));
            said.status(OUTGOING.set_response_code(1000));
            said.status(OUTGOING.set_header("bad name", &["a"]));
            said.status(OUTGOING.set_header("x-bad", &["a\nb"]));
        }
        b'2' => {}
        b'3' => {
            said.status(ResponseHandle(99).set_response_code(404));
            said.status(ResponseHandle(99).set_header("x-a", &["a"]));
            said.status(ResponseHandle(99).set_body(b"text"));
        }
        b'4' => {
            said.status(OUTGOING.set_header("content-length", &["2"]));
            said.status(OUTGOING.set_header("transfer-encoding", &["chunked"]));
            said.status(OUTGOING.set_header("connection", &["close"]));
        }
        b'5' => {
            said.status(OUTGOING.set_header("x-a", &["1", "2"]));
            said.status(OUTGOING.set_header("X-A", &["3"]));
            said.status(OUTGOING.set_header("x-gone", &["1"]));
            said.status(OUTGOING.set_header("x-gone", &[]));
        }
        _ => {
            said.status(OUTGOING.set_response_code(418));
            said.status(OUTGOING.set_header("x-a", &["1", "2"]));
            said.status(OUTGOING.set_body(b"text"));
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
