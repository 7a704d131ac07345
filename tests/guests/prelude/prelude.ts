// What all AssemblyScript guests share: they say words, each followed by a space, and the words become the
// response's body. The second character of the path chooses what a guest does.
import "http_guest";
import {
  hostcall_req_create,
  hostcall_req_get_header,
  hostcall_req_get_path,
  hostcall_req_send_async,
  hostcall_resp_get_body,
  hostcall_resp_set_body,
  INCOMING,
  OUTGOING,
} from "http_guest/hostcalls";
import { length, LENGTH_CELL, pointer, POINTER_CELL, take_text, take_texts } from "http_guest/received";
import { Utf8 } from "http_guest/utf8";

export { length, LENGTH_CELL, pointer, POINTER_CELL, Utf8 };

let said: string = "";

export function text(word: string): void {
  said += word + " ";
}

export function number(value: i64): void {
  text(value.toString());
}

/** Bytes that the last hostcall wrote: says "null" for a null pointer. */
export function value(): void {
  text(pointer() == 0 ? "null" : take_text());
}

/** A list that the last hostcall wrote: elements joined by '|'. */
export function list(): void {
  text(pointer() == 0 ? "null" : take_texts().join("|"));
}

export function begin(): i32 {
  hostcall_req_get_path(POINTER_CELL, LENGTH_CELL, INCOMING);
  const path = take_text();
  return path.length > 1 ? path.charCodeAt(1) - 48 : -1;
}

export function finish(): void {
  const body = new Utf8(said);
  hostcall_resp_set_body(OUTGOING, body.pointer, body.length);
}

function origin(): string {
  const name = new Utf8("x-url");
  hostcall_req_get_header(POINTER_CELL, LENGTH_CELL, INCOMING, name.pointer, name.length);
  return take_texts()[0];
}

/** A new request. */
export function create(method: string, url: string): i32 {
  const verb = new Utf8(method);
  const target = new Utf8(url);
  return hostcall_req_create(verb.pointer, verb.length, target.pointer, target.length);
}

/** A new request to the URL in the incoming request's header x-url. */
export function to_origin(method: string): i32 {
  return create(method, origin());
}

/** The same, with a path behind the URL. */
export function send_to(path: string): i32 {
  return hostcall_req_send_async(create("GET", origin() + path));
}

export function body_of(response: i32): void {
  hostcall_resp_get_body(POINTER_CELL, LENGTH_CELL, response);
  value();
}
