//! The WebAssembly text format to modules and back, for a host that has nothing but this module's memory.
//!
//! `reserve` gives room for an input; `assemble` and `print` take it and return a block: a status (0: done),
//! the length of what follows, and that: a module, a text, or a message. A message of `assemble` starts with
//! line and column, each 0 where the text has no location for it.

mod assemble;
mod names_of_2018;
mod print;

use std::mem::ManuallyDrop;

/// What a call came to.
pub(crate) enum Outcome {
    Done(Vec<u8>),
    /// The input is at fault.
    Refused(String),
    /// The output would be longer than allowed.
    TooLong,
}

/// Room for so many bytes of input.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    ManuallyDrop::new(Vec::with_capacity(bytes)).as_mut_ptr()
}

/// A text, reserved and filled by the host, to a valid module.
///
/// # Safety
/// `input` came from `reserve(len)`, and the host has written all of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn assemble(input: *mut u8, len: usize) -> *const u8 {
    block(assemble::assemble(&unsafe { taken(input, len) }))
}

/// A module to a text of at most `most` bytes.
///
/// # Safety
/// As for [`assemble`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn print(input: *mut u8, len: usize, most: usize) -> *const u8 {
    block(print::print(&unsafe { taken(input, len) }, most))
}

unsafe fn taken(input: *mut u8, len: usize) -> Vec<u8> {
    unsafe { Vec::from_raw_parts(input, len, len) }
}

/// Status, length and contents, one after the other; the host copies it and throws the instance away.
fn block(outcome: Outcome) -> *const u8 {
    let (status, contents) = match outcome {
        Outcome::Done(bytes) => (0u32, bytes),
        Outcome::Refused(message) => (1, message.into_bytes()),
        Outcome::TooLong => (2, Vec::new()),
    };
    let mut bytes = Vec::with_capacity(8 + contents.len());
    bytes.extend(status.to_le_bytes());
    bytes.extend((contents.len() as u32).to_le_bytes());
    bytes.extend(contents);
    ManuallyDrop::new(bytes).as_ptr()
}
