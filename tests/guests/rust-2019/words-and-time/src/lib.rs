extern crate byteorder;
#[macro_use]
extern crate http_guest;
extern crate itertools;
#[macro_use]
extern crate lazy_static;
extern crate regex;

use byteorder::{BigEndian, ByteOrder, ReadBytesExt};
use http_guest::{Request, Response, Time};
use itertools::Itertools;
use regex::Regex;
use std::io::Cursor;

lazy_static! {
    static ref WORD: Regex = Regex::new(r"[a-z]+(\d+)?").unwrap();
}

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let text = String::from_utf8_lossy(req.body()).to_string();
    let words = WORD.find_iter(&text).map(|m| m.as_str()).join("+");
    let mut buffer = [0; 4];
    BigEndian::write_u32(&mut buffer, 0xcafe);
    let number = Cursor::new(&buffer).read_u32::<BigEndian>().unwrap();
    let now = Time::since_epoch();
    let recent = now.as_secs() > 1_500_000_000 && now.as_millis() / 1000 == now.as_secs() && now.as_f64() > 1.5e9;
    Response::new(format!("{} {:x} {}", words, number, recent).into_bytes())
}

guest_app!(user_entrypoint);
