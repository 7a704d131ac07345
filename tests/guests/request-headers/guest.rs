mod prelude;

use http_guest::hostcalls::types::RequestHandle;
use http_guest::hostcalls::INCOMING;
use prelude::Said;

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => said.list(&RequestHandle(99).get_headers()),
        b'2' => said.list(&RequestHandle::create("GET", "http://example.com/").unwrap().get_header("host")),
        _ => {
            said.list(&INCOMING.get_headers());
            said.list(&INCOMING.get_header("X-maNY"));
            let empty = INCOMING.get_header("x-empty");
            said.number(empty.len() as i32);
            said.number(empty[0].is_empty());
            said.number(empty[0].len() as i32);
            let absent = INCOMING.get_header("x-absent");
            said.list(&absent);
            said.number(absent.len() as i32);
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
