// Requests of the program's own, by value: moved into the call, mapped by path, and behind a generic bound.
#[macro_use]
extern crate http_guest;

use http_guest::{PendingRequest, Request, RequestExt, Response, SendError};

fn both<T: RequestExt<R = Response<Vec<u8>>, Pending = PendingRequest>>(
    first: T,
    second: T,
) -> (Result<T::R, SendError>, Result<T::Pending, SendError>) {
    (first.send(), second.send_async())
}

fn to(url: &str) -> Request<Vec<u8>> {
    Request::builder().uri(url).body(Vec::new()).unwrap()
}

fn answer(_: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let request = to("http://localhost.invalid/");
    let sent = move || request.send();
    let pending: Vec<_> = vec!["http://a.invalid/", "http://b.invalid/"]
        .into_iter()
        .map(to)
        .map(RequestExt::send_async)
        .collect();
    let waited = pending.into_iter().filter(|one| one.is_err()).count();
    let (first, second) = both(to("http://c.invalid/"), to("http://d.invalid/"));
    let failures = [sent().is_err(), first.is_err(), second.and_then(|one| one.wait()).is_err()];
    Response::new(format!("{} {:?}", waited, failures).into_bytes())
}

guest_app!(answer);
