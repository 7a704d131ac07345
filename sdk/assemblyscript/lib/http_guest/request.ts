// Requests: the incoming one, read from the host when asked for, and those that the program makes, handed to
// the host when sent.
import { bytes_to_string, string_to_bytes } from "./bytes";
import { bytes_of, HeaderEdits, or_null } from "./headers";
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
import {
  free_list,
  length,
  LENGTH_CELL,
  pointer,
  POINTER_CELL,
  take_byte_strings,
  take_bytes,
  take_text,
  take_texts,
} from "./received";
import { PendingRequest, Response } from "./response";
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

  /** All values of a header, in order, or null; the name may be in any letter case. What is not UTF-8 in them is U+FFFD. */
  get_header(name: string): Array<string> | null {
    if (this.handle == NONE || this.edits.has(name)) return this.edits.find(name);
    this.ask_for(new Utf8(name));
    return or_null(take_texts());
  }

  /** The same as they came, byte for byte. */
  get_header_bytes(name: string): Array<Array<u8>> | null {
    if (this.handle == NONE || this.edits.has(name)) return bytes_of(this.edits.find(name));
    this.ask_for(new Utf8(name));
    return or_null(take_byte_strings());
  }

  /** All header names, in lower case. */
  get_headers(): Array<string> {
    return this.edits.merged(this.received_names());
  }

  /** Replaces all values of a header. */
  set_header(name: string, values: Array<string>): void {
    this.edits.set(name, values);
  }

  /** Sends it and waits for the response; null if it failed. */
  send(): Response | null {
    const handle = this.prepare();
    const result = handle == ERROR ? ERROR : hostcall_req_send(handle);
    return result == ERROR ? null : Response.received(result);
  }

  /** Sends it without waiting; null if it cannot be sent. */
  send_async(): PendingRequest | null {
    const handle = this.prepare();
    const result = handle == ERROR ? ERROR : hostcall_req_send_async(handle);
    return result == ERROR ? null : new PendingRequest(result);
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
    if (this.handle != NONE && !this.edits.has(header)) return this.pass_on(handle, name);
    const values = new Utf8List(this.edits.get(header));
    return hostcall_req_set_header(handle, name.pointer, name.length, values.pointer, values.count) == 0;
  }

  // Values go from host to host without becoming strings, so that bytes that are not UTF-8 stay what they
  // are.
  private pass_on(handle: i32, name: Utf8): bool {
    this.ask_for(name);
    const list = pointer();
    const count = length();
    const status = hostcall_req_set_header(handle, name.pointer, name.length, list, <usize>count);
    free_list(list, count);
    return status == 0;
  }

  private ask_for(name: Utf8): void {
    hostcall_req_get_header(POINTER_CELL, LENGTH_CELL, this.handle, name.pointer, name.length);
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
