import {
  hostcall_req_send,
  hostcall_req_set_body,
  hostcall_req_set_header,
  hostcall_resp_get_header,
  hostcall_resp_get_headers,
  hostcall_resp_get_response_code,
  hostcall_resp_set_body,
  hostcall_resp_set_header,
  hostcall_resp_set_response_code,
  INCOMING,
  OUTGOING,
} from "http_guest/hostcalls";
import { Utf8List } from "http_guest/utf8";
import {
  begin,
  body_of,
  create,
  finish,
  LENGTH_CELL,
  list,
  number,
  POINTER_CELL,
  to_origin,
  Utf8,
} from "./prelude";

function set(request: i32, name: string, values: string[]): i32 {
  const text = new Utf8(name);
  const list = new Utf8List(values);
  return hostcall_req_set_header(request, text.pointer, text.length, list.pointer, list.count);
}

function set_body(request: i32): i32 {
  const text = new Utf8("ping");
  return hostcall_req_set_body(request, text.pointer, text.length);
}

function get(response: i32, name: string): void {
  const text = new Utf8(name);
  hostcall_resp_get_header(POINTER_CELL, LENGTH_CELL, response, text.pointer, text.length);
}

function exchange(): void {
  const request = to_origin("POST");
  number(set(request, "x-test", ["a", "b"]));
  number(set_body(request));
  const response = hostcall_req_send(request);
  number(hostcall_resp_get_response_code(response));
  get(response, "X-Reply");
  list();
  body_of(response);
  get(response, "x-absent");
  list();
  hostcall_resp_get_headers(POINTER_CELL, LENGTH_CELL, response);
  list();
}

function twice(): void {
  const request = to_origin("GET");
  number(hostcall_req_send(request));
  number(hostcall_req_send(request));
  number(set(request, "x-a", ["a"]));
  number(set_body(request));
}

function invalid(): void {
  const request = to_origin("GET");
  number(set(request, "bad name", ["a"]));
  number(set(request, "x-bad", ["a\nb"]));
  number(set(request, "x-a", ["a"]));
}

function write_received(): void {
  const response = hostcall_req_send(to_origin("GET"));
  const name = new Utf8("x-a");
  number(hostcall_resp_set_response_code(response, 404));
  number(hostcall_resp_set_header(response, name.pointer, name.length, 0, 0));
  number(hostcall_resp_set_body(response, name.pointer, name.length));
}

export function run(): void {
  switch (begin()) {
    case 1:
      number(create("GET", "nonsense"));
      number(create("GE T", "http://example.com/"));
      break;
    case 2:
      twice();
      break;
    case 3:
      number(set(INCOMING, "x-a", ["a"]));
      number(set_body(INCOMING));
      number(hostcall_req_send(INCOMING));
      break;
    case 4:
      invalid();
      break;
    case 5:
      hostcall_resp_get_response_code(99);
      break;
    case 6:
      hostcall_resp_get_headers(POINTER_CELL, LENGTH_CELL, OUTGOING);
      break;
    case 7:
      get(99, "x-a");
      break;
    case 8:
      body_of(99);
      break;
    case 9:
      write_received();
      break;
    default:
      exchange();
  }
  finish();
}
