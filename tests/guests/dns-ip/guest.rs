mod prelude;

use http_guest::hostcalls;
use prelude::Said;

/// Says the result, the count, and each address as its length and its bytes.
fn query(name: &str, ipv6: bool, said: &mut Said) {
    let found = hostcalls::dns_query_ip(name, ipv6);
    let addresses = found.as_deref().unwrap_or_default();
    said.number(found.is_some());
    said.number(addresses.len() as i32);
    for address in addresses {
        said.number(address.len() as i32);
        for byte in address {
            said.number(*byte);
        }
    }
    said.number(found.is_none());
}

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => query("a.test", true, said),
        b'2' => query("b.test", false, said),
        _ => query("a.test", false, said),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
