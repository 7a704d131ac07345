// Name resolution.
import { flag, inBytes, inText, outBytes, outSlices } from "../parameters.ts";
import type { HostcallTable } from "../types.ts";

export const DNS_HOSTCALLS = {
  hostcall_dns_query_raw: {
    domain: "dns",
    params: [...outBytes("answer"), ...inBytes("query")],
    result: flag("answered, with any response code", "failed; the pointer is null"),
    maySuspend: true,
    summary:
      "Sends a whole DNS message and gives the whole answer, which carries the query's transaction id.",
    example: [
      "static const uint8_t query[] = { 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1 };",
      "uint8_t *answer;",
      "size_t len;",
      "int ok = hostcall_dns_query_raw(&answer, &len, query, sizeof query);",
    ].join("\n"),
  },
  hostcall_dns_query_ip: {
    domain: "dns",
    params: [...outSlices("addresses"), ...inText("name"), { name: "ipv6", type: "i32", role: "flag" }],
    result: flag("at least one address, of 4 or 16 bytes each", "failed; the list is null"),
    maySuspend: true,
    summary: "Resolves a name to its IPv4 addresses, or to its IPv6 addresses.",
    example:
      `struct string_slice *addresses;\nsize_t count;\nint ok = ` +
      `hostcall_dns_query_ip(&addresses, &count, "example.com", 11, 0);`,
  },
} as const satisfies HostcallTable;
