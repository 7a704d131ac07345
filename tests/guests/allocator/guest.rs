mod prelude;

use http_guest::hostcalls::{self, raw, INCOMING};
use prelude::Said;
use std::sync::atomic::{AtomicUsize, Ordering};

static SMALLEST: AtomicUsize = AtomicUsize::new(99);

extern "C" fn watching_allocate(bytes: usize) -> *mut u8 {
    SMALLEST.fetch_min(bytes, Ordering::Relaxed);
    vec![0_u8; bytes.max(1)].leak().as_mut_ptr()
}

/// The guest ends with the run.
extern "C" fn keep(_: *mut u8) {}

fn zeros_behind_method() -> usize {
    let (mut method, mut len) = (std::ptr::null_mut(), 0);
    // SAFETY: the platform writes a block of `len` bytes and 16 more.
    let behind = unsafe {
        raw::hostcall_req_get_method(&mut method, &mut len, INCOMING.0);
        std::slice::from_raw_parts(method.add(len), 16)
    };
    behind.iter().filter(|byte| **byte == 0).count()
}

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => {
            // SAFETY: none; the platform must notice that this is no function.
            let wrong: extern "C" fn(usize) -> *mut u8 = unsafe { std::mem::transmute(9999_usize) };
            hostcalls::init_mm(wrong, keep);
            INCOMING.get_method();
        }
        b'2' => {
            hostcalls::init_mm(watching_allocate, keep);
            // SAFETY: both numbers live through the call; what the platform gives is kept.
            unsafe {
                let (mut slices, mut count) = (std::ptr::null_mut(), 0);
                raw::hostcall_req_get_header(&mut slices, &mut count, INCOMING.0, b"x-empty".as_ptr(), 7);
            }
            said.number(SMALLEST.load(Ordering::Relaxed) > 0);
        }
        _ => said.number(zeros_behind_method() as i32),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
