//! Memory that crosses the border: what the host obtains from this instance, and how the program takes it
//! over.

use std::alloc::{alloc, dealloc, Layout};

/// Strictest alignment of what the platform writes; also the room in front of a block that keeps its size.
const HEADER_BYTES: usize = 16;

/// The host asks for `bytes` and frees without a size, so each block carries its own in front.
pub(crate) extern "C" fn allocate(bytes: usize) -> *mut u8 {
    let Some(layout) = block_layout(bytes) else { return std::ptr::null_mut() };
    // SAFETY: the layout is never empty.
    let base = unsafe { alloc(layout) };
    if base.is_null() {
        return base;
    }
    // SAFETY: the block begins with HEADER_BYTES of its own, aligned for a usize.
    unsafe {
        base.cast::<usize>().write(bytes);
        base.add(HEADER_BYTES)
    }
}

pub(crate) extern "C" fn release(pointer: *mut u8) {
    if pointer.is_null() {
        return;
    }
    // SAFETY: the pointer came from `allocate`, which put the size in front of it.
    unsafe {
        let base = pointer.sub(HEADER_BYTES);
        if let Some(layout) = block_layout(base.cast::<usize>().read()) {
            dealloc(base, layout);
        }
    }
}

fn block_layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(HEADER_BYTES)?, HEADER_BYTES).ok()
}

/// Copies a block that the host obtained through [`allocate`], then frees it. Null means empty.
///
/// # Safety
/// `pointer` is null or came from the host with at least `len` bytes, and is not used again.
pub(crate) unsafe fn take_block(pointer: *mut u8, len: usize) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    let bytes = std::slice::from_raw_parts(pointer, len).to_vec();
    release(pointer);
    bytes
}
