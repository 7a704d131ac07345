//! Module to text.

use crate::Outcome;
use std::io;
use wasmprinter::{Config, Print};

/// Text up to a bound.
struct Bounded {
    text: String,
    most: usize,
}

impl Print for Bounded {
    fn write_str(&mut self, piece: &str) -> io::Result<()> {
        if self.text.len() + piece.len() > self.most {
            return Err(io::Error::from(io::ErrorKind::OutOfMemory));
        }
        self.text.push_str(piece);
        Ok(())
    }
}

pub(crate) fn print(module: &[u8], most: usize) -> Outcome {
    let mut bounded = Bounded { text: String::new(), most };
    match Config::new().print(module, &mut bounded) {
        Ok(()) => Outcome::Done(bounded.text.into_bytes()),
        Err(error) if error.downcast_ref::<io::Error>().is_some() => Outcome::TooLong,
        Err(error) => Outcome::Refused(error.to_string()),
    }
}
