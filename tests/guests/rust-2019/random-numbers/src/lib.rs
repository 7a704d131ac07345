#[macro_use]
extern crate http_guest;
extern crate rand;
extern crate rand_core;

use http_guest::rand::guest_rng;
use http_guest::{Request, Response};
use rand::seq::SliceRandom;
use rand::Rng;
use rand_core::RngCore;

fn user_entrypoint(_req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let mut rng = guest_rng();
    let die: u8 = rng.gen_range(1, 7);
    let mut letters = vec!['a', 'b', 'c'];
    letters.shuffle(&mut rng);
    let mut bytes = [0u8; 11];
    rng.fill_bytes(&mut bytes);
    let number = rng.next_u64();
    letters.sort();
    let letters: String = letters.into_iter().collect();
    Response::new(format!("{} {} {} {}", (1..7).contains(&die), letters, bytes.len(), number != rng.next_u64()).into_bytes())
}

guest_app!(user_entrypoint);
