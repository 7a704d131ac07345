mod prelude;

use http_guest::hostcalls::types::RequestHandle;
use http_guest::hostcalls::INCOMING;
use prelude::Said;

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => said.value(RequestHandle(99).get_method().as_bytes()),
        b'2' => {
            said.value(RequestHandle::create("GET", "http://example.com/").unwrap().get_path().as_bytes())
        }
        _ => {
            said.value(INCOMING.get_method().as_bytes());
            said.value(INCOMING.get_path().as_bytes());
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
