// Requests: the incoming one (handle 0, read only) and those that the program creates (written, then sent
// once).
import {
  inBytes,
  inSlices,
  inText,
  outBytes,
  outSlices,
  outText,
  pendingOrError,
  request,
  requestOrError,
  responseOrError,
  validity,
} from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

export const REQUEST_HOSTCALLS = {
  hostcall_req_create: {
    domain: "request",
    params: [...inText("method"), ...inText("url")],
    result: requestOrError,
    maySuspend: false,
    summary: "Creates a request to an absolute URL.",
    example: `request_t req = hostcall_req_create("GET", 3, "https://example.com/", 20);`,
  },
  hostcall_req_get_method: {
    domain: "request",
    params: [...outText("method"), request],
    result: null,
    maySuspend: false,
    summary: "Gives the method of the incoming request.",
    example: "char *method;\nsize_t len;\nhostcall_req_get_method(&method, &len, REQUEST_INCOMING);",
  },
  hostcall_req_get_path: {
    domain: "request",
    params: [...outText("path"), request],
    result: null,
    maySuspend: false,
    summary: "Gives path and query of the incoming request, raw as the client sent them.",
    example: "char *path;\nsize_t len;\nhostcall_req_get_path(&path, &len, REQUEST_INCOMING);",
  },
  hostcall_req_get_headers: {
    domain: "request",
    params: [...outSlices("names"), request],
    result: null,
    maySuspend: false,
    summary: "Lists the header names of the incoming request, each once and in lower case.",
    example:
      "struct string_slice *names;\nsize_t " +
      "count;\nhostcall_req_get_headers(&names, &count, REQUEST_INCOMING);",
  },
  hostcall_req_get_header: {
    domain: "request",
    params: [...outSlices("values"), request, ...inText("name")],
    result: null,
    maySuspend: false,
    summary:
      "Lists all values of one header of the incoming request, in order; the name may be in any letter case.",
    example:
      `struct string_slice *values;\nsize_t ` +
      `count;\nhostcall_req_get_header(&values, &count, REQUEST_INCOMING, "accept", 6);`,
  },
  hostcall_req_get_body: {
    domain: "request",
    params: [...outBytes("body"), request],
    result: null,
    maySuspend: false,
    summary: "Gives the body of the incoming request.",
    example: "uint8_t *body;\nsize_t len;\nhostcall_req_get_body(&body, &len, REQUEST_INCOMING);",
  },
  hostcall_req_set_header: {
    domain: "request",
    params: [request, ...inText("name"), ...inSlices("values")],
    result: validity,
    maySuspend: false,
    summary: "Replaces all values of one header of a created request.",
    example: [
      `request_t req = hostcall_req_create("GET", 3, "https://example.com/", 20);`,
      `struct string_slice value = { "text/plain", 10 };`,
      `enum value_status status = hostcall_req_set_header(req, "accept", 6, &value, 1);`,
    ].join("\n"),
  },
  hostcall_req_set_body: {
    domain: "request",
    params: [request, ...inBytes("body")],
    result: validity,
    maySuspend: false,
    summary: "Replaces the body of a created request.",
    example: [
      `request_t req = hostcall_req_create("POST", 4, "https://example.com/", 20);`,
      `enum value_status status = hostcall_req_set_body(req, "hello", 5);`,
    ].join("\n"),
  },
  hostcall_req_send: {
    domain: "request",
    params: [request],
    result: responseOrError,
    maySuspend: true,
    summary: "Sends a created request, which is consumed, and waits for the whole response.",
    example: [
      `request_t req = hostcall_req_create("GET", 3, "https://example.com/", 20);`,
      "response_t resp = hostcall_req_send(req);",
    ].join("\n"),
  },
  hostcall_req_send_async: {
    domain: "request",
    params: [request],
    result: pendingOrError,
    maySuspend: false,
    summary: "Sends a created request, which is consumed, and returns at once with a handle to wait on.",
    example: [
      `request_t req = hostcall_req_create("GET", 3, "https://example.com/", 20);`,
      "pending_request_t pending = hostcall_req_send_async(req);",
    ].join("\n"),
  },
} as const satisfies HostcallTable;
