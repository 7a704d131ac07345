import {
  hostcall_pending_req_poll,
  hostcall_pending_req_select,
  hostcall_pending_req_wait,
  hostcall_req_send_async,
  INCOMING,
  NOT_READY,
} from "http_guest/hostcalls";
import { begin, body_of, finish, number, pointer, POINTER_CELL, send_to } from "./prelude";

function select(handles: StaticArray<i32>): i32 {
  store<i32>(POINTER_CELL, 77);
  return hostcall_pending_req_select(changetype<usize>(handles), <usize>handles.length, POINTER_CELL);
}

function poll_until_ready(): void {
  const pending = send_to("/held");
  number(hostcall_pending_req_poll(pending));
  hostcall_pending_req_wait(send_to("/release"));
  let response = hostcall_pending_req_poll(pending);
  while (response == NOT_READY) response = hostcall_pending_req_poll(pending);
  body_of(response);
  number(hostcall_pending_req_poll(pending));
}

// Waits for the first of two requests, lets the origin answer the other, and waits for that too.
function pick(): void {
  const held = send_to("/held");
  const fast = send_to("/fast");
  const response = select([held, fast]);
  const finished = <i32>pointer();
  number(finished == fast ? 1 : 0);
  body_of(response);
  number(hostcall_pending_req_wait(finished));
  hostcall_pending_req_wait(send_to("/release"));
  body_of(hostcall_pending_req_wait(held));
}

function stale(): void {
  const pending = send_to("/fast");
  number(hostcall_pending_req_wait(pending) > 0 ? 1 : 0);
  number(hostcall_pending_req_wait(pending));
  number(hostcall_pending_req_poll(pending));
  number(select([pending]));
  number(hostcall_pending_req_wait(99));
  number(hostcall_pending_req_poll(99));
}

function failing(): void {
  const pending = send_to("/");
  number(select([pending]));
  number(<i32>pointer() == pending ? 1 : 0);
  number(hostcall_pending_req_wait(pending));
  number(hostcall_pending_req_wait(send_to("/")));
}

export function run(): void {
  switch (begin()) {
    case 1:
      poll_until_ready();
      break;
    case 2:
      pick();
      break;
    case 3:
      stale();
      break;
    case 4:
      failing();
      break;
    case 5:
      number(select([]));
      number(hostcall_req_send_async(INCOMING));
      number(hostcall_req_send_async(99));
      break;
    default: {
      const first = send_to("/one");
      const second = send_to("/two");
      body_of(hostcall_pending_req_wait(second));
      body_of(hostcall_pending_req_wait(first));
    }
  }
  finish();
}
