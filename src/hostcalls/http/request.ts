// Requests: the incoming one (handle 0, read only) and those that the guest creates (write only, sent once).
import { ERROR, INCOMING } from "../../abi/index.ts";
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { giveBytes, giveByteString, giveByteStrings } from "../memory/allocator.ts";
import {
  checkHeaderBytes,
  readBytes,
  readByteString,
  readByteStrings,
  readText,
} from "../memory/guest-memory.ts";
import { badCall } from "../call-errors.ts";
import { whenDone } from "../waiting.ts";
import type { CreatedRequest } from "./http-state.ts";
import { isFieldValue, isFraming, isHost, isToken, trimmed } from "./field-rules.ts";
import { HeaderTable } from "./header-table.ts";
import { conclude, dispatch } from "./sending.ts";
import { parseTarget } from "./target.ts";

const OK = 0;
const INVALID = 1;

export const REQUEST_CALLS = {
  hostcall_req_create(run, methodPtr, methodLen, urlPtr, urlLen) {
    const method = readByteString(run, methodPtr, methodLen, "the method");
    const { http, services } = run.state;
    const urlText = readText(run, urlPtr, urlLen, services.limits.headerBytes, "the URL");
    checkHeaderBytes(run, method.length + (urlLen >>> 0));
    const url = parseTarget(urlText);
    if (!isToken(method) || url === null) return ERROR;
    return http.requests.add({ method, url, headers: new HeaderTable(), body: new Uint8Array(0) });
  },
  hostcall_req_get_method(run, methodOut, lengthOut, request) {
    giveByteString(run, methodOut, lengthOut, incoming(run, request).method);
  },
  hostcall_req_get_path(run, pathOut, lengthOut, request) {
    giveByteString(run, pathOut, lengthOut, incoming(run, request).path);
  },
  hostcall_req_get_headers(run, namesOut, countOut, request) {
    incoming(run, request);
    giveByteStrings(run, namesOut, countOut, run.state.http.incomingHeaders.names());
  },
  hostcall_req_get_header(run, valuesOut, countOut, request, namePtr, nameLen) {
    incoming(run, request);
    const name = readByteString(run, namePtr, nameLen, "the header name");
    giveByteStrings(run, valuesOut, countOut, run.state.http.incomingHeaders.get(name));
  },
  hostcall_req_get_body(run, bodyOut, lengthOut, request) {
    giveBytes(run, bodyOut, lengthOut, incoming(run, request).body);
  },
  hostcall_req_set_header(run, request, namePtr, nameLen, valuesPtr, valuesCount) {
    const created = run.state.http.requests.get(request);
    return created === undefined
      ? INVALID
      : setHeader(run, created.headers, namePtr, nameLen, valuesPtr, valuesCount);
  },
  hostcall_req_set_body(run, request, ptr, len) {
    const created = run.state.http.requests.get(request);
    if (created === undefined) return INVALID;
    const body = readBytes(run, ptr, len, "the body");
    run.state.http.hold(created.body.length, body.length);
    created.body = body;
    return OK;
  },
  hostcall_req_send(run, request) {
    const created = consume(run, request);
    if (created === undefined) return ERROR;
    const pending = dispatch(run, created);
    return whenDone(run, pending.done, (settled) => conclude(run, settled));
  },
  hostcall_req_send_async(run, request) {
    const created = consume(run, request);
    return created === undefined ? ERROR : run.state.http.pendings.add(dispatch(run, created));
  },
} satisfies Calls<"request">;

/** Replaces all values of a header. Framing headers are valid and without effect. */
export function setHeader(
  run: CallContext,
  headers: HeaderTable,
  namePtr: number,
  nameLen: number,
  valuesPtr: number,
  valuesCount: number,
): number {
  const { headerBytes } = run.state.services.limits;
  const name = readByteString(run, namePtr, nameLen, "the header name").toLowerCase();
  const values = readByteStrings(run, valuesPtr, valuesCount, "the header values").map(trimmed);
  if (!isToken(name) || !values.every(isFieldValue)) return INVALID;
  if (name === "host" && !(values.length <= 1 && values.every(isHost))) return INVALID;
  if (!isFraming(name)) headers.replace(name, values, headerBytes);
  return OK;
}

function incoming(run: CallContext, request: number) {
  if (request === INCOMING) return run.state.http.incoming;
  throw badCall(
    run.state.http.requests.get(request) === undefined
      ? `there is no request ${request}`
      : `request ${request} was created by the program and can only be written`,
  );
}

function consume(run: CallContext, request: number): CreatedRequest | undefined {
  const { http } = run.state;
  const created = http.requests.take(request);
  if (created !== undefined) http.hold(created.body.length, 0);
  return created;
}
