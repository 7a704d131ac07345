// Responses: the outgoing one (handle 0, write only) and those received from upstreams (read only).
import { OUTGOING } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { giveBytes, giveByteStrings } from "../memory/allocator.ts";
import { readBuffer, readByteString, viewBytes } from "../memory/guest-memory.ts";
import { badCall, limitReached } from "../call-errors.ts";
import type { ReceivedResponse } from "./http-state.ts";
import { setHeader } from "./request.ts";

const OK = 0;
const INVALID = 1;
/** Final statuses that HTTP/1 and HTTP/2 both carry. */
const FIRST_STATUS = 200;
const LAST_STATUS = 599;

export const RESPONSE_CALLS = {
  hostcall_resp_get_headers(run, namesOut, countOut, response) {
    giveByteStrings(run, namesOut, countOut, received(run, response).headers.names());
  },
  hostcall_resp_get_header(run, valuesOut, countOut, response, namePtr, nameLen) {
    const { headers } = received(run, response);
    giveByteStrings(
      run,
      valuesOut,
      countOut,
      headers.get(readByteString(run, namePtr, nameLen, "the header name")),
    );
  },
  hostcall_resp_get_body(run, bodyOut, lengthOut, response) {
    giveBytes(run, bodyOut, lengthOut, received(run, response).body);
  },
  hostcall_resp_get_response_code(run, response) {
    return received(run, response).status;
  },
  hostcall_resp_set_header(run, response, namePtr, nameLen, valuesPtr, valuesCount) {
    if (response !== OUTGOING) return INVALID;
    return setHeader(run, run.state.http.outgoing.headers, namePtr, nameLen, valuesPtr, valuesCount);
  },
  hostcall_resp_set_body(run, response, ptr, len) {
    if (response !== OUTGOING) return INVALID;
    const { http, services } = run.state;
    const allowed = services.limits.responseBodyBytes;
    if (len >>> 0 > allowed) {
      viewBytes(run, ptr, len, "the body");
      throw limitReached("bytes of the response body", len >>> 0, allowed, "responseBodyBytes");
    }
    http.outgoing.body = readBuffer(run, ptr, len, "the body");
    return OK;
  },
  hostcall_resp_set_response_code(run, response, code) {
    if (response !== OUTGOING || code < FIRST_STATUS || code > LAST_STATUS) return INVALID;
    run.state.http.outgoing.status = code;
    return OK;
  },
} satisfies Calls<"response">;

function received(run: CallContext, response: number): ReceivedResponse {
  const entry = run.state.http.responses.get(response);
  if (entry !== undefined) return entry;
  throw badCall(
    response === OUTGOING ? "the outgoing response can only be written" : `there is no response ${response}`,
  );
}
