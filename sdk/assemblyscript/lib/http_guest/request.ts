// Requests: the incoming one, read from the host when asked for, and those that the program makes, handed to
// the host when sent.
import { bytes_to_string, string_to_bytes } from "./bytes";
import { HeaderEdits } from "./headers";
import {
  ERROR,
  hostcall_req_create,
  hostcall_req_get_body,
  hostcall_req_get_header,
  hostcall_req_get_headers,
  hostcall_req_get_method,
  hostcall_req_get_path,
  hostcall_req_send,
  hostcall_req_send_async,
  hostcall_req_set_body,
  hostcall_req_set_header,
  INCOMING,
} from "./hostcalls";
import { PendingRequest } from "./pending";
import { LENGTH_CELL, POINTER_CELL, take_bytes, take_text, take_texts } from "./received";
import { Response } from "./response";
import { Utf8, Utf8List } from "./utf8";

const NONE: i32 = -1;

/**
 * A request. The incoming one may be changed and sent too: then a copy of it goes out, without its `host`.
 */
export class Request {
  /** An absolute URL; of the incoming request, path and query. */
  url: string;
  method: string;
  private handle: i32 = NONE;
  private edits: HeaderEdits = new HeaderEdits();
  private content: Array<u8> | null = null;

  constructor(method: string = "GET", url: string = "") {
    this.method = method;
    this.url = url;
  }

  /** The request that is being answered. */
  static incoming(): Request {
    hostcall_req_get_method(POINTER_CELL, LENGTH_CELL, INCOMING);
    const method = take_text();
    hostcall_req_get_path(POINTER_CELL, LENGTH_CELL, INCOMING);
    const request = new Request(method, take_text());
    request.handle = INCOMING;
    return request;
  }

  get body(): Array<u8> {
    const known = this.content;
    if (known !== null) return known;
    const bytes = this.read_body();
    this.content = bytes;
    return bytes;
  }

  set body(bytes: Array<u8>) {
    this.content = bytes;
  }

  /** The body as UTF-8. */
  get body_string(): string {
    return bytes_to_string(this.body);
  }

  set body_string(text: string) {
    this.content = string_to_bytes(text);
  }

  /** All values of a header, in order; the name may be in any letter case. */
  get_header(name: string): Array<string> {
    if (this.handle == NONE || this.edits.has(name)) return this.edits.get(name);
    const text = new Utf8(name);
    hostcall_req_get_header(POINTER_CELL, LENGTH_CELL, this.handle, text.pointer, text.length);
    return take_texts();
  }

  /** All header names, in lower case. */
  get_headers(): Array<string> {
    return this.edits.merged(this.received_names());
  }

  /** Replaces all values of a header. */
  set_header(name: string, values: Array<string>): void {
    this.edits.set(name, values);
  }

  /** Sends it and waits for the response, which `is_error` if there was none. */
  send(): Response {
    const handle = this.prepare();
    return handle == ERROR ? Response.failed() : Response.received(hostcall_req_send(handle));
  }

  /** Sends it without waiting. */
  send_async(): PendingRequest {
    const handle = this.prepare();
    return new PendingRequest(handle == ERROR ? ERROR : hostcall_req_send_async(handle));
  }

  private prepare(): i32 {
    const method = new Utf8(this.method);
    const url = new Utf8(this.url);
    const handle = hostcall_req_create(method.pointer, method.length, url.pointer, url.length);
    if (handle == ERROR) return ERROR;
    const names = this.get_headers();
    for (let i = 0; i < names.length; i++) {
      const own = this.handle == NONE || this.edits.has(names[i]) || names[i] != "host";
      if (own && !this.hand_over(handle, names[i])) return ERROR;
    }
    const body = this.body;
    return body.length > 0 && hostcall_req_set_body(handle, body.dataStart, <usize>body.length) != 0
      ? ERROR
      : handle;
  }

  private hand_over(handle: i32, header: string): bool {
    const name = new Utf8(header);
    const values = new Utf8List(this.get_header(header));
    return hostcall_req_set_header(handle, name.pointer, name.length, values.pointer, values.count) == 0;
  }

  private received_names(): Array<string> {
    if (this.handle == NONE) return [];
    hostcall_req_get_headers(POINTER_CELL, LENGTH_CELL, this.handle);
    return take_texts();
  }

  private read_body(): Array<u8> {
    if (this.handle == NONE) return [];
    hostcall_req_get_body(POINTER_CELL, LENGTH_CELL, this.handle);
    return take_bytes();
  }
}
