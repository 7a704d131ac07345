mod prelude;

use http_guest::hostcalls::types::RequestHandle;
use http_guest::hostcalls::INCOMING;
use prelude::Said;

fn guest(choice: u8, said: &mut Said) {
    let body = if choice == b'1' { RequestHandle(99).get_body() } else { INCOMING.get_body() };
    said.number(body.len() as i32);
    said.value(&body);
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
