// Responses: the outgoing one (handle 0, write only) and those received from upstreams (read only).
import { inBytes, inSlices, inText, outBytes, outSlices, response, validity } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

const RECEIVED = `response_t resp = hostcall_req_send(hostcall_req_create("GET", 3, "https://example.com/", 20));`;

export const RESPONSE_HOSTCALLS = {
  hostcall_resp_get_headers: {
    domain: "response",
    params: [...outSlices("names"), response],
    result: null,
    maySuspend: false,
    summary: "Lists the header names of a received response, each once and in lower case.",
    example:
      `${RECEIVED}\nstruct string_slice *names;\nsize_t ` +
      `count;\nhostcall_resp_get_headers(&names, &count, resp);`,
  },
  hostcall_resp_get_header: {
    domain: "response",
    params: [...outSlices("values"), response, ...inText("name")],
    result: null,
    maySuspend: false,
    summary:
      "Lists all values of one header of a received response, in order; the name may be in any letter case.",
    example:
      `${RECEIVED}\nstruct string_slice *values;\nsize_t ` +
      `count;\nhostcall_resp_get_header(&values, &count, resp, "etag", 4);`,
  },
  hostcall_resp_get_body: {
    domain: "response",
    params: [...outBytes("body"), response],
    result: null,
    maySuspend: false,
    summary: "Gives the body of a received response, decoded.",
    example: `${RECEIVED}\nuint8_t *body;\nsize_t len;\nhostcall_resp_get_body(&body, &len, resp);`,
  },
  hostcall_resp_get_response_code: {
    domain: "response",
    params: [response],
    result: { type: "i32", role: "number", statuses: [] },
    maySuspend: false,
    summary: "Gives the status of a received response.",
    example: `${RECEIVED}\nint status = hostcall_resp_get_response_code(resp);`,
  },
  hostcall_resp_set_header: {
    domain: "response",
    params: [response, ...inText("name"), ...inSlices("values")],
    result: validity,
    maySuspend: false,
    summary: "Replaces all values of one header of the outgoing response.",
    example:
      `struct string_slice value = { "text/plain", 10 ` +
      `};\nhostcall_resp_set_header(RESPONSE_OUTGOING, "content-type", 12, &value, 1);`,
  },
  hostcall_resp_set_body: {
    domain: "response",
    params: [response, ...inBytes("body")],
    result: validity,
    maySuspend: false,
    summary: "Replaces the body of the outgoing response.",
    example: `hostcall_resp_set_body(RESPONSE_OUTGOING, "hello", 5);`,
  },
  hostcall_resp_set_response_code: {
    domain: "response",
    params: [response, { name: "code", type: "i32", role: "number" }],
    result: validity,
    maySuspend: false,
    summary: "Sets the status of the outgoing response.",
    example: "hostcall_resp_set_response_code(RESPONSE_OUTGOING, 404);",
  },
} as const satisfies HostcallTable;
