// Which hostcalls each feature's guests call in every language: read by the tests, which hold it against what
// was called, and by scripts/hostcall-coverage.ts.
import type { HostcallName } from "../../src/abi/index.ts";

/** Languages in which every guest exists, and the file that holds it in `tests/guests/<feature>/`. */
export const GUEST_FILES = {
  WAT: "guest.wat",
  C: "guest.c",
  AssemblyScript: "guest.ts",
  Rust: "guest.rs",
} as const;

export type GuestLanguage = keyof typeof GUEST_FILES;

export const GUEST_LANGUAGES = Object.keys(GUEST_FILES) as GuestLanguage[];

/** Hostcalls by feature. */
export const COVERAGE = {
  allocator: ["hostcall_init_mm"],
  "no-allocator": [],
  "request-line": ["hostcall_req_get_method", "hostcall_req_get_path"],
  "request-headers": ["hostcall_req_get_headers", "hostcall_req_get_header"],
  "request-body": ["hostcall_req_get_body"],
  subrequest: [
    "hostcall_req_create",
    "hostcall_req_set_header",
    "hostcall_req_set_body",
    "hostcall_req_send",
    "hostcall_resp_get_response_code",
    "hostcall_resp_get_headers",
    "hostcall_resp_get_header",
    "hostcall_resp_get_body",
  ],
  pending: [
    "hostcall_req_send_async",
    "hostcall_pending_req_wait",
    "hostcall_pending_req_poll",
    "hostcall_pending_req_select",
  ],
  response: ["hostcall_resp_set_header", "hostcall_resp_set_body", "hostcall_resp_set_response_code"],
  kv: [
    "hostcall_kvstore_insert",
    "hostcall_kvstore_upsert",
    "hostcall_kvstore_append",
    "hostcall_kvstore_compare_and_set",
    "hostcall_kvstore_increment",
    "hostcall_kvstore_get",
    "hostcall_kvstore_remove",
  ],
  panic: ["hostcall_panic_hook"],
  random: ["hostcall_rng_next_u64"],
  time: ["hostcall_time_now"],
  "dns-raw": ["hostcall_dns_query_raw"],
  "dns-ip": ["hostcall_dns_query_ip"],
  debug: ["hostcall_debug"],
} as const satisfies Record<string, readonly HostcallName[]>;

/** Name of a feature. */
export type FeatureName = keyof typeof COVERAGE;
