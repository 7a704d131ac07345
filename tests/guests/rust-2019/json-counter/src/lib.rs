#[macro_use]
extern crate http_guest;
extern crate serde;
#[macro_use]
extern crate serde_derive;
extern crate serde_bytes;
extern crate serde_json;

use http_guest::kvstore::KVStore;
use http_guest::{header, Request, Response};

#[derive(Serialize, Deserialize, Default)]
struct Counter {
    count: u64,
    #[serde(with = "serde_bytes")]
    last: Vec<u8>,
}

fn user_entrypoint(kvs: &mut KVStore, req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let mut counter: Counter = kvs
        .get("counter")
        .map(|v| serde_json::from_slice(&v).unwrap())
        .unwrap_or_default();
    counter.count += 1;
    counter.last = req.uri().path().as_bytes()[..2].to_vec();
    kvs.insert("counter", &serde_json::to_vec(&counter).unwrap());
    Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(&counter).unwrap())
        .unwrap()
}

guest_app_kvs!(user_entrypoint);
