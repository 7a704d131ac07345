// Responses: those that the program makes, and those from upstreams, which may be changed and returned as
// they are.
import { bytes_to_string, string_to_bytes } from "./bytes";
import { bytes_of, HeaderEdits, or_null } from "./headers";
import {
  ERROR,
  hostcall_pending_req_poll,
  hostcall_pending_req_select,
  hostcall_pending_req_wait,
  hostcall_resp_get_body,
  hostcall_resp_get_header,
  hostcall_resp_get_headers,
  hostcall_resp_get_response_code,
  hostcall_resp_set_body,
  hostcall_resp_set_header,
  hostcall_resp_set_response_code,
  NOT_READY,
  OUTGOING,
} from "./hostcalls";
import {
  clear,
  free_list,
  length,
  LENGTH_CELL,
  pointer,
  POINTER_CELL,
  take_byte_strings,
  take_bytes,
  take_texts,
} from "./received";
import { Utf8, Utf8List } from "./utf8";

const NONE: i32 = -1;

/**
 * A response. Headers and body work as those of a request; a class above both would cost every program 220
 * bytes or more.
 */
export class Response {
  /** The status code. That of a failed request is 502, so that returning it tells the client. */
  status: i32;
  /** False only for the answer of a `poll` that came too early. */
  is_ready: bool = true;
  /** The request failed: no response came. */
  is_error: bool = false;
  /** The request that this answers, if it was sent without waiting. */
  pending_req: PendingRequest = PendingRequest.none();
  private handle: i32 = NONE;
  private edits: HeaderEdits = new HeaderEdits();
  private content: Array<u8> | null = null;

  constructor(status: i32 = 200) {
    this.status = status;
  }

  /** What a hostcall returned: a handle, an error, or "not ready". */
  static received(handle: i32): Response {
    if (handle == ERROR) return Response.failed();
    const response = new Response();
    if (handle == NOT_READY) {
      response.is_ready = false;
      return response;
    }
    response.handle = handle;
    response.status = hostcall_resp_get_response_code(handle);
    return response;
  }

  /** The response to a request that failed. */
  static failed(): Response {
    const response = new Response(502);
    response.is_error = true;
    return response;
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
    this.ask_for(name);
    return or_null(take_texts());
  }

  /** The same as they came, byte for byte. */
  get_header_bytes(name: string): Array<Array<u8>> | null {
    if (this.handle == NONE || this.edits.has(name)) return bytes_of(this.edits.find(name));
    this.ask_for(name);
    return or_null(take_byte_strings());
  }

  private ask_for(name: string): void {
    const text = new Utf8(name);
    hostcall_resp_get_header(POINTER_CELL, LENGTH_CELL, this.handle, text.pointer, text.length);
  }

  /** All header names, in lower case. */
  get_headers(): Array<string> {
    return this.edits.merged(this.received_names());
  }

  /** Replaces all values of a header. */
  set_header(name: string, values: Array<string>): void {
    this.edits.set(name, values);
  }

  /** Makes it the answer to the incoming request. */
  answer(): void {
    if (!this.is_ready) throw new Error("The response is not ready");
    if (hostcall_resp_set_response_code(OUTGOING, this.status) != 0)
      throw new Error("Invalid status " + this.status.toString());
    const names = this.received_names();
    for (let i = 0; i < names.length; i++) if (!this.edits.has(names[i])) this.pass_on(names[i]);
    for (let i = 0; i < this.edits.names.length; i++) this.hand_over(this.edits.names[i]);
    if (this.handle != NONE && this.content === null) this.pass_on_body();
    else if (this.body.length > 0) this.hand_over_body(this.body.dataStart, this.body.length);
  }

  private hand_over(header: string): void {
    const name = new Utf8(header);
    const values = new Utf8List(this.edits.get(header));
    const status = hostcall_resp_set_header(
      OUTGOING,
      name.pointer,
      name.length,
      values.pointer,
      values.count,
    );
    if (status != 0) throw new Error("Invalid header " + header);
  }

  // Values go from host to host without becoming strings, so that bytes that are not UTF-8 stay what they
  // are.
  private pass_on(header: string): void {
    const name = new Utf8(header);
    hostcall_resp_get_header(POINTER_CELL, LENGTH_CELL, this.handle, name.pointer, name.length);
    const list = pointer();
    const count = length();
    const status = hostcall_resp_set_header(OUTGOING, name.pointer, name.length, list, <usize>count);
    free_list(list, count);
    if (status != 0) throw new Error("Invalid header " + header);
  }

  private pass_on_body(): void {
    hostcall_resp_get_body(POINTER_CELL, LENGTH_CELL, this.handle);
    const bytes = pointer();
    if (bytes == 0) return;
    this.hand_over_body(bytes, length());
    heap.free(bytes);
  }

  private hand_over_body(bytes: usize, count: i32): void {
    if (hostcall_resp_set_body(OUTGOING, bytes, <usize>count) != 0) throw new Error("Invalid body");
  }

  private received_names(): Array<string> {
    if (this.handle == NONE) return [];
    hostcall_resp_get_headers(POINTER_CELL, LENGTH_CELL, this.handle);
    return take_texts();
  }

  private read_body(): Array<u8> {
    if (this.handle == NONE) return [];
    hostcall_resp_get_body(POINTER_CELL, LENGTH_CELL, this.handle);
    return take_bytes();
  }
}

/** A request that was sent without waiting. Its response can be had once. */
export class PendingRequest {
  constructor(
    /** The host's handle; -1 if the request could not be sent. */
    readonly handle: i32,
  ) {}

  /** What a response has that answers no pending request. */
  static none(): PendingRequest {
    return new PendingRequest(ERROR);
  }

  /** Waits for the response; null if the request failed. */
  wait(): Response | null {
    const result = this.handle == ERROR ? ERROR : hostcall_pending_req_wait(this.handle);
    return result == ERROR ? null : this.finish(result);
  }

  /** The response if it is there, else one that is not `is_ready`; one that `is_error` if the request failed. */
  poll(): Response {
    return this.finish(this.handle == ERROR ? ERROR : hostcall_pending_req_poll(this.handle));
  }

  /** Whether both are the same request. */
  equals(other: PendingRequest): bool {
    return this.handle == other.handle;
  }

  /** The response that a hostcall returned for this request. */
  finish(result: i32): Response {
    const response = Response.received(result);
    if (result != NOT_READY) response.pending_req = this;
    return response;
  }
}

/**
 * Waits until one of several requests is done; the response's `pending_req` says which. The others stay
 * valid.
 */
export function select(pending: Array<PendingRequest>): Response {
  const handles = new StaticArray<i32>(pending.length);
  for (let i = 0; i < pending.length; i++) {
    if (pending[i].handle == ERROR) return pending[i].finish(ERROR);
    handles[i] = pending[i].handle;
  }
  clear();
  const result = hostcall_pending_req_select(changetype<usize>(handles), <usize>handles.length, POINTER_CELL);
  const finished = <i32>pointer();
  for (let i = 0; i < pending.length; i++)
    if (pending[i].handle == finished) return pending[i].finish(result);
  return Response.received(result);
}
