//! Asks several mirrors at once and answers with the fastest.

use http_guest::{guest_app_kvs, select, KVStore, PendingRequest, PollResult, Request, RequestExt, Response};

const MIRRORS: [&str; 3] =
    ["https://mirror-a.example", "https://mirror-b.example", "https://mirror-c.example"];

/// A mirror that was asked, by its index in the list.
struct Runner {
    mirror: usize,
    pending: PendingRequest,
}

fn race(store: &mut KVStore, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    if request.uri().path() == "/score" {
        return Response::new(score(store).into_bytes());
    }
    let mut runners = start(request);
    while !runners.is_empty() {
        let pending: Vec<&PendingRequest> = runners.iter().map(|runner| &runner.pending).collect();
        let outcome = select(&pending);
        let done = match &outcome {
            Ok((pending, _)) => pending,
            Err(pending) => pending,
        };
        let index = runners
            .iter()
            .position(|runner| runner.pending == *done)
            .expect("select names one of the runners");
        let winner = runners.swap_remove(index).mirror;
        if let Ok((_, response)) = outcome {
            store.append(&key(winner), b"+");
            return announce(response, winner, runners);
        }
    }
    let mut response = Response::new(b"No mirror answers\n".to_vec());
    *response.status_mut() = http_guest::StatusCode::BAD_GATEWAY;
    response
}

/// Asks every mirror for the path; one that cannot be asked does not run.
fn start(request: &Request<Vec<u8>>) -> Vec<Runner> {
    let ask = |(mirror, origin): (usize, &&str)| {
        let request = Request::get(format!("{origin}{}", request.uri())).body(Vec::new()).ok()?;
        Some(Runner { mirror, pending: request.send_async().ok()? })
    };
    MIRRORS.iter().enumerate().filter_map(ask).collect()
}

/// The winner's response, with a header that says who won and who else had answered by then.
fn announce(mut response: Response<Vec<u8>>, winner: usize, others: Vec<Runner>) -> Response<Vec<u8>> {
    let mut result = format!("winner={winner}");
    for other in others {
        let state = match other.pending.poll() {
            Ok(PollResult::Response(_)) => "answered",
            Ok(PollResult::NotReady(_)) => "running",
            Err(_) => "failed",
        };
        result.push_str(&format!(" {}={state}", other.mirror));
    }
    let value = result.parse().expect("letters and digits make a header value");
    response.headers_mut().insert("x-race", value);
    response
}

fn score(store: &KVStore) -> String {
    let wins = |mirror: usize| store.get(&key(mirror)).map_or(0, |value| value.len());
    MIRRORS.iter().enumerate().map(|(mirror, origin)| format!("{origin} {}\n", wins(mirror))).collect()
}

fn key(mirror: usize) -> String {
    format!("wins {mirror}")
}

guest_app_kvs!(race);
