import {
  hostcall_resp_set_body,
  hostcall_resp_set_header,
  hostcall_resp_set_response_code,
  OUTGOING,
} from "http_guest/hostcalls";
import { Utf8List } from "http_guest/utf8";
import { begin, finish, number, Utf8 } from "./prelude";

function set(response: i32, name: string, values: string[]): i32 {
  const text = new Utf8(name);
  const list = new Utf8List(values);
  return hostcall_resp_set_header(response, text.pointer, text.length, list.pointer, list.count);
}

function set_body(response: i32, body: string): i32 {
  const text = new Utf8(body);
  return hostcall_resp_set_body(response, text.pointer, text.length);
}

export function run(): void {
  switch (begin()) {
    case 1:
      number(hostcall_resp_set_response_code(OUTGOING, 0));
      number(hostcall_resp_set_response_code(OUTGOING, 1000));
      number(set(OUTGOING, "bad name", ["a"]));
      number(set(OUTGOING, "x-bad", ["a\nb"]));
      break;
    case 2:
      return;
    case 3:
      number(hostcall_resp_set_response_code(99, 404));
      number(set(99, "x-a", ["a"]));
      number(set_body(99, "text"));
      break;
    case 4:
      number(set(OUTGOING, "content-length", ["2"]));
      number(set(OUTGOING, "transfer-encoding", ["chunked"]));
      number(set(OUTGOING, "connection", ["close"]));
      break;
    case 5:
      number(set(OUTGOING, "x-a", ["1", "2"]));
      number(set(OUTGOING, "X-A", ["3"]));
      number(set(OUTGOING, "x-gone", ["1"]));
      number(set(OUTGOING, "x-gone", []));
      break;
    default:
      number(hostcall_resp_set_response_code(OUTGOING, 418));
      number(set(OUTGOING, "x-a", ["1", "2"]));
      number(set_body(OUTGOING, "text"));
  }
  finish();
}
