// The whole public surface of the library, signature by signature: a change of any does not compile.
#[macro_use]
extern crate http_guest;
extern crate http;
extern crate rand_core;

use http_guest::hostcalls::types::{
    GuestSlice, HostcallStatus, PendingRequestHandle, PollResult as HandlePollResult, RequestHandle, ResponseHandle,
};
use http_guest::hostcalls::{self, raw};
use http_guest::kvstore::KVStore as ModuleKVStore;
use http_guest::rand::{guest_rng, GuestRng};
use http_guest::time::{Duration, Time as ModuleTime};
use http_guest::{
    init_mm_default, panic_set_once, raw_entrypoint, raw_entrypoint_kvs, select, DNSError, Error, HeaderMap, KVStore,
    Method, PendingRequest, PollResult, Request, RequestExt, Response, SendError, StatusCode, Time, Uri, DNS,
};
use std::net::IpAddr;

type Incoming = Request<Vec<u8>>;
type Outgoing = Response<Vec<u8>>;

fn is_error<T: std::error::Error>() {}
fn is_rng<T: rand_core::RngCore>() {}
fn is_from_number<T: From<i32>>() {}

fn entry_points() {
    let _: fn() = panic_set_once;
    let _: fn() = init_mm_default;
    let _: fn(fn(&Incoming) -> Outgoing) = raw_entrypoint;
    let _: fn(fn(&mut KVStore, &Incoming) -> Outgoing) = raw_entrypoint_kvs;
}

fn reexports() {
    let _: http::Method = Method::GET;
    let _: http::StatusCode = StatusCode::OK;
    let _: http::HeaderMap = HeaderMap::new();
    let _: http::header::HeaderName = http_guest::header::HOST;
    let _: Option<http::Uri> = "/".parse::<Uri>().ok();
    let _: fn(Error) -> http::Error = |error| error;
}

fn requests() {
    let _: fn(Incoming) -> Result<Outgoing, SendError> = RequestExt::send;
    let _: fn(Incoming) -> Result<PendingRequest, SendError> = RequestExt::send_async;
    let _: fn(PendingRequest) -> Result<Outgoing, SendError> = PendingRequest::wait;
    let _: fn(PendingRequest) -> Result<PollResult, SendError> = PendingRequest::poll;
    let _: fn(&PendingRequest, &PendingRequest) -> bool = PartialEq::eq;
    let _: fn(PendingRequest) -> PollResult = PollResult::NotReady;
    let _: fn(Outgoing) -> PollResult = PollResult::Response;
    let _: fn(&[&PendingRequest]) -> Result<(PendingRequest, Outgoing), PendingRequest> = select;
    let _: SendError = SendError::Hostcall;
    let _: fn(http::header::ToStrError) -> SendError = SendError::HeaderToStr;
    let _: fn(http::Error) -> SendError = SendError::Http;
    is_error::<SendError>();
}

fn store() {
    let _: fn(&mut KVStore, &str, &[u8]) -> bool = ModuleKVStore::insert;
    let _: fn(&mut KVStore, &str, &[u8]) -> bool = KVStore::upsert;
    let _: fn(&mut KVStore, &str, &[u8]) -> bool = KVStore::append;
    let _: fn(&KVStore, &str) -> Option<Vec<u8>> = KVStore::get;
    let _: fn(&mut KVStore, &str) -> bool = KVStore::remove;
}

fn dns_time_and_random() {
    let _: fn(&[u8]) -> Result<Vec<u8>, DNSError> = DNS::query_raw;
    let _: fn(&str, bool) -> Result<Vec<IpAddr>, DNSError> = DNS::query_ip;
    is_error::<DNSError>();
    let _: fn() -> Duration = Time::since_epoch;
    let _: fn() -> Duration = ModuleTime::since_epoch;
    let _: [fn(&Duration) -> u64; 7] = [
        Duration::as_days,
        Duration::as_hours,
        Duration::as_mins,
        Duration::as_secs,
        Duration::as_millis,
        Duration::as_micros,
        Duration::as_nanos,
    ];
    let _: fn(u64, u32) -> Duration = Duration::new;
    let _: fn(&Duration) -> u32 = Duration::subsec_nanos;
    let _: fn(&Duration) -> f64 = Duration::as_f64;
    let _: fn() -> GuestRng = guest_rng;
    is_rng::<GuestRng>();
}

fn handles() {
    let _: RequestHandle = hostcalls::INCOMING;
    let _: ResponseHandle = hostcalls::OUTGOING;
    let _: i32 = hostcalls::ERROR;
    let _: i32 = hostcalls::NOT_READY;
    is_from_number::<RequestHandle>();
    is_from_number::<ResponseHandle>();
    is_from_number::<PendingRequestHandle>();
    is_from_number::<HostcallStatus>();
    let _: fn(&RequestHandle) -> bool = RequestHandle::is_error;
    let _: fn(&ResponseHandle) -> bool = ResponseHandle::is_error;
    let _: fn(&PendingRequestHandle) -> bool = PendingRequestHandle::is_error;
    let _: [HostcallStatus; 2] = [HostcallStatus::Ok, HostcallStatus::Invalid];
    let _: fn(&str, &str) -> Option<RequestHandle> = RequestHandle::create;
    let _: fn(RequestHandle) -> String = RequestHandle::get_method;
    let _: fn(RequestHandle) -> String = RequestHandle::get_path;
    let _: fn(RequestHandle) -> Vec<String> = RequestHandle::get_headers;
    let _: fn(RequestHandle, &str) -> Vec<String> = RequestHandle::get_header;
    let _: fn(RequestHandle) -> Vec<u8> = RequestHandle::get_body;
    let _: fn(RequestHandle, &str, &[&str]) -> HostcallStatus = RequestHandle::set_header;
    let _: fn(RequestHandle, &[u8]) -> HostcallStatus = RequestHandle::set_body;
    let _: fn(RequestHandle) -> Option<ResponseHandle> = RequestHandle::send;
    let _: fn(RequestHandle) -> Option<PendingRequestHandle> = RequestHandle::send_async;
    let _: fn(PendingRequestHandle) -> Option<ResponseHandle> = PendingRequestHandle::wait;
    let _: fn(PendingRequestHandle) -> Option<HandlePollResult> = PendingRequestHandle::poll;
    let _: fn(PendingRequestHandle) -> HandlePollResult = HandlePollResult::NotReady;
    let _: fn(ResponseHandle) -> HandlePollResult = HandlePollResult::Response;
    let _: fn(ResponseHandle) -> Vec<String> = ResponseHandle::get_headers;
    let _: fn(ResponseHandle, &str) -> Vec<String> = ResponseHandle::get_header;
    let _: fn(ResponseHandle) -> Vec<u8> = ResponseHandle::get_body;
    let _: fn(ResponseHandle) -> u16 = ResponseHandle::get_response_code;
    let _: fn(ResponseHandle, &str, &[&str]) -> HostcallStatus = ResponseHandle::set_header;
    let _: fn(ResponseHandle, &[u8]) -> HostcallStatus = ResponseHandle::set_body;
    let _: fn(ResponseHandle, u16) -> HostcallStatus = ResponseHandle::set_response_code;
}

fn free_functions() {
    let _: fn(
        &[&PendingRequestHandle],
    ) -> Result<(PendingRequestHandle, ResponseHandle), PendingRequestHandle> = hostcalls::select;
    let _: fn(&str) = hostcalls::debug;
    let _: fn(&str) = hostcalls::panic_hook;
    let _: fn() -> u64 = hostcalls::rng_next_u64;
    let _: [fn(&str, &[u8]) -> bool; 3] =
        [hostcalls::kvstore_insert, hostcalls::kvstore_upsert, hostcalls::kvstore_append];
    let _: fn(&str) -> Option<Vec<u8>> = hostcalls::kvstore_get;
    let _: fn(&str) -> bool = hostcalls::kvstore_remove;
    let _: fn(&[u8]) -> Option<Vec<u8>> = hostcalls::dns_query_raw;
    let _: unsafe extern "C" fn(i32, *const u8, usize) -> i32 = raw::hostcall_resp_set_body;
    let _: unsafe extern "C" fn(*mut *mut GuestSlice<u8>, *mut usize, i32) = raw::hostcall_req_get_headers;
}

fn answer(_: &mut KVStore, _: &Incoming) -> Outgoing {
    entry_points();
    reexports();
    requests();
    store();
    dns_time_and_random();
    handles();
    free_functions();
    Response::new(b"all there".to_vec())
}

guest_app_kvs!(answer);
