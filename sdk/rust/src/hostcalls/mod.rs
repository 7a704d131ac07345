//! The hostcalls themselves: [`raw`] as they are imported, [`types`] by handle, and the free ones here.

pub mod raw;
pub mod types;

pub use self::types::{ERROR, INCOMING, NOT_READY, OUTGOING};

use self::types::{GuestSlice, PendingRequestHandle, ResponseHandle};
use crate::memory::take_block;

/// Tells the platform how to obtain and release memory of this instance.
pub fn init_mm(allocate: extern "C" fn(usize) -> *mut u8, release: extern "C" fn(*mut u8)) {
    // SAFETY: the platform takes table indices, which is what function pointers are in WebAssembly.
    unsafe { raw::hostcall_init_mm(allocate, release) }
}

/// Ends the instance with a message.
pub fn panic_hook(message: &str) {
    // SAFETY: the slice lives through the call.
    unsafe { raw::hostcall_panic_hook(message.as_ptr(), message.len()) }
}

/// Writes one line to the deployment's log.
pub fn debug(message: &str) {
    // SAFETY: the slice lives through the call.
    unsafe { raw::hostcall_debug(message.as_ptr(), message.len()) }
}

/// 64 random bits.
pub fn rng_next_u64() -> u64 {
    // SAFETY: only a number crosses the border.
    unsafe { raw::hostcall_rng_next_u64() as u64 }
}

/// Seconds since 1970-01-01 00:00 UTC, and nanoseconds within the second.
pub fn time_now() -> (u64, u32) {
    let mut nanoseconds = 0;
    // SAFETY: the number lives through the call.
    let seconds = unsafe { raw::hostcall_time_now(&mut nanoseconds) };
    (seconds as u64, nanoseconds)
}

/// Writes always; true if the key was absent.
pub fn kvstore_insert(key: &str, value: &[u8]) -> bool {
    // SAFETY: both slices live through the call.
    unsafe { raw::hostcall_kvstore_insert(key.as_ptr(), key.len(), value.as_ptr(), value.len()) != 0 }
}

/// Writes only if the key is absent; true if it was.
pub fn kvstore_upsert(key: &str, value: &[u8]) -> bool {
    // SAFETY: both slices live through the call.
    unsafe { raw::hostcall_kvstore_upsert(key.as_ptr(), key.len(), value.as_ptr(), value.len()) != 0 }
}

/// Appends to the value, or inserts it; true if the key was absent.
pub fn kvstore_append(key: &str, value: &[u8]) -> bool {
    // SAFETY: both slices live through the call.
    unsafe { raw::hostcall_kvstore_append(key.as_ptr(), key.len(), value.as_ptr(), value.len()) != 0 }
}

/// Writes only if the key has exactly the expected value; true if it had.
pub fn kvstore_compare_and_set(key: &str, expected: &[u8], value: &[u8]) -> bool {
    // SAFETY: all three slices live through the call.
    unsafe {
        raw::hostcall_kvstore_compare_and_set(
            key.as_ptr(),
            key.len(),
            expected.as_ptr(),
            expected.len(),
            value.as_ptr(),
            value.len(),
        ) != 0
    }
}

/// Adds to a whole number in decimal digits; the sum, or none if the value is no such number or the sum does
/// not fit.
pub fn kvstore_increment(key: &str, delta: i64) -> Option<i64> {
    let mut sum = 0;
    // SAFETY: slice and number live through the call.
    let added = unsafe { raw::hostcall_kvstore_increment(&mut sum, key.as_ptr(), key.len(), delta) };
    if added != 0 {
        Some(sum)
    } else {
        None
    }
}

/// The value of a key.
pub fn kvstore_get(key: &str) -> Option<Vec<u8>> {
    // SAFETY: the slice lives through the call.
    take_found(|pointer, len| unsafe { raw::hostcall_kvstore_get(pointer, len, key.as_ptr(), key.len()) })
}

/// Removes a key; true if it was there.
pub fn kvstore_remove(key: &str) -> bool {
    // SAFETY: the slice lives through the call.
    unsafe { raw::hostcall_kvstore_remove(key.as_ptr(), key.len()) != 0 }
}

/// Sends a whole DNS message; the whole answer, or none.
pub fn dns_query_raw(query: &[u8]) -> Option<Vec<u8>> {
    // SAFETY: the slice lives through the call.
    take_found(|pointer, len| unsafe {
        raw::hostcall_dns_query_raw(pointer, len, query.as_ptr(), query.len())
    })
}

/// Addresses of a name, 4 or 16 bytes each, or none.
pub fn dns_query_ip(name: &str, ipv6: bool) -> Option<Vec<Vec<u8>>> {
    let mut found = 0;
    let addresses = take_slices(|slices, count| {
        // SAFETY: the slice lives through the call.
        found =
            unsafe { raw::hostcall_dns_query_ip(slices, count, name.as_ptr(), name.len(), i32::from(ipv6)) };
    })
    .collect();
    if found != 0 {
        Some(addresses)
    } else {
        None
    }
}

/// Waits until one of the requests is done: that one with its response, or that one alone if it failed.
///
/// # Panics
/// If the list is empty or holds a handle that is not under way.
pub fn select(
    pending: &[&PendingRequestHandle],
) -> Result<(PendingRequestHandle, ResponseHandle), PendingRequestHandle> {
    let handles: Vec<PendingRequestHandle> = pending.iter().map(|handle| **handle).collect();
    let mut done = PendingRequestHandle::ERROR.0;
    // SAFETY: a pending handle is one number; list and number live through the call.
    let answer =
        unsafe { raw::hostcall_pending_req_select(handles.as_ptr().cast(), handles.len(), &mut done) };
    let done = PendingRequestHandle(done);
    assert!(!done.is_error(), "select needs requests that are under way");
    let response = ResponseHandle(answer);
    if response.is_error() {
        Err(done)
    } else {
        Ok((done, response))
    }
}

/// Runs a hostcall that writes a block, and takes the block.
pub(crate) fn take_bytes(call: impl FnOnce(*mut *mut u8, *mut usize)) -> Vec<u8> {
    let (mut pointer, mut len) = (std::ptr::null_mut(), 0);
    call(&mut pointer, &mut len);
    // SAFETY: the platform wrote null or a block that it obtained from `allocate`.
    unsafe { take_block(pointer, len) }
}

/// Runs a hostcall that writes an array of slices, and takes array and elements.
pub(crate) fn take_slices(
    call: impl FnOnce(*mut *mut GuestSlice<u8>, *mut usize),
) -> std::vec::IntoIter<Vec<u8>> {
    let (mut array, mut count): (*mut GuestSlice<u8>, usize) = (std::ptr::null_mut(), 0);
    call(&mut array, &mut count);
    let mut elements = Vec::with_capacity(count);
    if !array.is_null() {
        // SAFETY: the platform wrote `count` slices, each a block of its own, into a block.
        unsafe {
            for index in 0..count {
                let slice = *array.add(index);
                elements.push(take_block(slice.ptr, slice.len));
            }
            take_block(array.cast(), 0);
        }
    }
    elements.into_iter()
}

/// Runs a hostcall that writes a block if it found something.
fn take_found(call: impl FnOnce(*mut *mut u8, *mut usize) -> i32) -> Option<Vec<u8>> {
    let mut found = 0;
    let bytes = take_bytes(|pointer, len| found = call(pointer, len));
    if found != 0 {
        Some(bytes)
    } else {
        None
    }
}

/// Slices as the platform reads them; valid as long as what they borrow.
pub(crate) fn borrow_slices(values: &[&[u8]]) -> Vec<GuestSlice<u8>> {
    values.iter().map(|value| GuestSlice { ptr: value.as_ptr() as *mut u8, len: value.len() }).collect()
}
