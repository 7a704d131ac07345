//! As much of a DNS message (RFC 1035, section 4) as the HTTP layer needs.

/// The fixed part in front.
pub const HEADER_BYTES: usize = 12;

/// Whether the message says that it is an answer.
pub fn is_response(message: &[u8]) -> bool {
    message[2] & 0x80 != 0
}

/// The smallest time to live among the answer records, in seconds; none without a record, or if the message
/// is malformed.
pub fn smallest_time_to_live(message: &[u8]) -> Option<u32> {
    let questions = word(message, 4)?;
    let answers = word(message, 6)?;
    let mut at = HEADER_BYTES;
    for _ in 0..questions {
        at = after_name(message, at)? + 4;
    }
    let mut smallest = None;
    for _ in 0..answers {
        at = after_name(message, at)?;
        let seconds = u32::from(word(message, at + 4)?) << 16 | u32::from(word(message, at + 6)?);
        smallest = Some(smallest.map_or(seconds, |known: u32| known.min(seconds)));
        at += 10 + usize::from(word(message, at + 8)?);
    }
    smallest
}

fn word(message: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(message.get(at..at + 2)?.try_into().ok()?))
}

/// Position behind a name: labels end with an empty one or with a pointer.
fn after_name(message: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *message.get(at)? {
            0 => return Some(at + 1),
            length if length >= 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}
