mod prelude;

use http_guest::DNS;
use prelude::Said;

/// Says the result, the answer's length, transaction id, response code, and its last four bytes.
fn query(message: &[u8], said: &mut Said) {
    let Ok(answer) = DNS::query_raw(message) else {
        return said.text(b"0 0");
    };
    said.number(1);
    said.number(answer.len() as i32);
    said.number(u16::from_be_bytes([answer[0], answer[1]]));
    said.number(answer[3] & 15);
    for byte in &answer[answer.len() - 4..] {
        said.number(*byte);
    }
}

fn guest(choice: u8, said: &mut Said) {
    let known = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01";
    let unknown = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01b\x04test\0\0\x01\0\x01";
    match choice {
        b'1' => query(unknown, said),
        b'2' => query(&known[..3], said),
        _ => query(known, said),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
