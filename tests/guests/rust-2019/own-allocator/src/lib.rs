// A program that counts what it allocates, by a global allocator of its own.
#[macro_use]
extern crate http_guest;

use http_guest::{Request, Response};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        System.dealloc(pointer, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn answer(_: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let boxed = Box::new([1u8; 100]);
    let counted = ALLOCATIONS.load(Ordering::Relaxed) - before;
    Response::new(format!("{} {}", counted, boxed.len()).into_bytes())
}

guest_app!(answer);
