mod prelude;

use http_guest::hostcalls::types::{PendingRequestHandle, PollResult, RequestHandle};
use http_guest::hostcalls::{self, raw, types, ERROR, INCOMING, NOT_READY};
use prelude::{send_to, Said};

/// What a poll says as a number.
fn polled(pending: PendingRequestHandle) -> i32 {
    match pending.poll() {
        Some(PollResult::NotReady(_)) => NOT_READY,
        None => ERROR,
        Some(PollResult::Response(response)) => response.0,
    }
}

/// The bare hostcall: the library's `select` treats a handle that is used up as an error.
fn selected(pending: &[PendingRequestHandle]) -> (i32, PendingRequestHandle) {
    let mut finished = 77;
    // SAFETY: list and number outlive the call.
    let answer =
        unsafe { raw::hostcall_pending_req_select(pending.as_ptr().cast(), pending.len(), &mut finished) };
    (answer, PendingRequestHandle(finished))
}

/// Waits for the first of some requests, which may have failed.
fn first_of(pending: &[&PendingRequestHandle]) -> (PendingRequestHandle, Option<types::ResponseHandle>) {
    match hostcalls::select(pending) {
        Ok((finished, response)) => (finished, Some(response)),
        Err(finished) => (finished, None),
    }
}

fn poll_until_there(said: &mut Said) {
    let pending = send_to("/held");
    said.number(polled(pending));
    send_to("/release").wait();
    let response = loop {
        match pending.poll() {
            Some(PollResult::NotReady(_)) => {}
            None => panic!("the request failed"),
            Some(PollResult::Response(response)) => break response,
        }
    };
    said.body_of(Some(response));
    said.number(polled(pending));
}

/// Waits for the first of two requests, lets the origin answer the other, and waits for that too.
fn pick(said: &mut Said) {
    let both = [send_to("/held"), send_to("/fast")];
    let (finished, response) = first_of(&[&both[0], &both[1]]);
    said.number(finished == both[1]);
    said.body_of(response);
    said.response(finished.wait());
    send_to("/release").wait();
    said.body_of(both[0].wait());
}

fn stale(said: &mut Said) {
    let pending = send_to("/fast");
    said.number(pending.wait().is_some());
    said.response(pending.wait());
    said.number(polled(pending));
    said.number(selected(&[pending]).0);
    said.response(PendingRequestHandle(99).wait());
    said.number(polled(PendingRequestHandle(99)));
}

fn failing(said: &mut Said) {
    let pending = send_to("/");
    let (finished, response) = first_of(&[&pending]);
    said.response(response);
    said.number(finished == pending);
    said.response(pending.wait());
    said.response(send_to("/").wait());
}

fn guest(choice: u8, said: &mut Said) {
    match choice {
        b'1' => poll_until_there(said),
        b'2' => pick(said),
        b'3' => stale(said),
        b'4' => failing(said),
        b'5' => {
            said.number(selected(&[]).0);
            said.number(INCOMING.send_async().unwrap_or(PendingRequestHandle::ERROR).0);
            said.number(RequestHandle(99).send_async().unwrap_or(PendingRequestHandle::ERROR).0);
        }
        _ => {
            let (first, second) = (send_to("/one"), send_to("/two"));
            said.body_of(second.wait());
            said.body_of(first.wait());
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
