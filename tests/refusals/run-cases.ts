// Programs that misuse a hostcall, trap or reach a limit.
import type { RunCase } from "./case.ts";
import { expecting, OUT, watProgram } from "./wat.ts";

const PAGE = "https://public.example/";
const create = "(call $req_create $method $url)";
const TARGET = { method: "GET", url: PAGE };
const LOOP = (count: number, body: string): string =>
  `(loop $again ${body} (local.set $a (i32.add (local.get $a) (i32.const ` +
  `1))) (br_if $again (i32.lt_u (local.get $a) (i32.const ${count}))))`;
const fails = (
  code:
    | "TER_GUEST_BAD_CALL"
    | "TER_GUEST_LIMIT"
    | "TER_GUEST_TRAP"
    | "TER_GUEST_PANIC"
    | "TER_GUEST_NO_ALLOCATOR"
    | "TER_KV_KEY_TOO_LARGE"
    | "TER_KV_VALUE_TOO_LARGE",
  message: string,
) => ({ status: 500, code, message });

const TRAPS: readonly RunCase[] = [
  {
    input: "a panic",
    sources: watProgram({ run: "(call $panic_hook $text)", texts: { text: "no more tea" } }),
    gets: fails("TER_GUEST_PANIC", "The program panicked: no more tea"),
  },
  {
    input: "`unreachable`",
    sources: watProgram({ run: "unreachable" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: unreachable code was reached"),
  },
  {
    input: "division by zero",
    sources: watProgram({ run: "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: division by zero"),
  },
  {
    input: "a division that overflows",
    sources: watProgram({ run: "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: integer overflow in a division"),
  },
  {
    input: "a float that fits no integer",
    sources: watProgram({ run: "(drop (i32.trunc_f64_u (f64.const -5)))" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: a float that does not fit its integer"),
  },
  {
    input: "a load outside of memory",
    sources: watProgram({ run: "(drop (i32.load (i32.const -8)))" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: out-of-bounds access of memory"),
  },
  {
    input: "a call of an empty table entry",
    sources: watProgram({ run: "(call_indirect (i32.const 3))", fields: "(table $more 4 funcref)" }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: out-of-bounds access of a table"),
  },
  {
    input: "a call with another type",
    sources: watProgram({ run: "(call_indirect (i32.const 2))" }),
    gets: fails(
      "TER_GUEST_TRAP",
      "The program trapped: indirect call of no function or of one with another type",
    ),
  },
  {
    input: "endless recursion",
    sources: watProgram({
      run: "(drop (call $deep (i32.const 1)))",
      fields:
        "(func $deep (param i32) (result i32) (i32.add (local.get 0) " +
        "(call $deep (i32.add (local.get 0) (i32.const 1)))))",
    }),
    gets: fails("TER_GUEST_TRAP", "The program trapped: stack overflow"),
  },
  {
    input: "an exit with a code that is not 0",
    sources: watProgram({
      run:
        "(drop (call $resp_set_response_code (i32.const 0) " +
        "(i32.const 418))) (call $proc_exit (i32.const 3))",
    }),
    answers: 418,
    gets: "the response built so far is sent; the log says `The program exited with code 3`",
  },
];

const HANDLES: readonly RunCase[] = [
  {
    input: "reading a request that does not exist",
    sources: watProgram({ run: `(call $req_get_method ${OUT} (i32.const 7))` }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_method incorrectly: there is no request 7. Compare " +
        "the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "reading a request that the program created",
    sources: watProgram({ run: `(call $req_get_body ${OUT} ${create})`, texts: TARGET }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_body incorrectly: request 1 was created by the " +
        "program and can only be written. Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "reading the outgoing response",
    sources: watProgram({ run: "(drop (call $resp_get_response_code (i32.const 0)))" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_resp_get_response_code incorrectly: the outgoing response " +
        "can only be written. Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "reading a response that does not exist",
    sources: watProgram({ run: `(call $resp_get_body ${OUT} (i32.const 9))` }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_resp_get_body incorrectly: there is no response 9. Compare " +
        "the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "sending the incoming request",
    sources: expecting(-1, "(call $req_send (i32.const 0))"),
    gets: "the call returns -1",
  },
  {
    input: "sending a request twice",
    sources: expecting(-1, `(call $req_send (local.tee $a (i32.const 55)))`),
    gets: "the call returns -1",
  },
  {
    input: "writing the incoming request",
    sources: expecting(1, "(call $req_set_body (i32.const 0) $url)", { texts: TARGET }),
    gets: "the call returns 1",
  },
  {
    input: "writing a response other than the outgoing one",
    sources: expecting(1, "(call $resp_set_body (i32.const 4) $url)", { texts: TARGET }),
    gets: "the call returns 1",
  },
  {
    input: "waiting for a handle that does not exist",
    sources: expecting(-1, "(call $pending_req_wait (i32.const 3))"),
    gets: "the call returns -1",
  },
  {
    input: "polling a handle that does not exist",
    sources: expecting(-1, "(call $pending_req_poll (i32.const 3))"),
    gets: "the call returns -1",
  },
  {
    input: "selecting among no handles",
    sources: expecting(-1, "(call $pending_req_select (i32.const 0) (i32.const 0) (i32.const 16))"),
    gets: "the call returns -1",
  },
];

const VALUES: readonly RunCase[] = [
  {
    input: "a malformed URL",
    sources: expecting(-1, create, { texts: { method: "GET", url: "not a url" } }),
    gets: "the call returns -1",
  },
  {
    input: "a URL of another scheme",
    sources: expecting(-1, create, { texts: { method: "GET", url: "file:///etc/passwd" } }),
    gets: "the call returns -1",
  },
  {
    input: "a malformed method",
    sources: expecting(-1, create, { texts: { method: "GET /", url: PAGE } }),
    gets: "the call returns -1",
  },
  {
    input: "a status that no protocol carries",
    sources: expecting(1, "(call $resp_set_response_code (i32.const 0) (i32.const 700))"),
    gets: "the call returns 1",
  },
  {
    input: "a malformed header name",
    sources: expecting(1, "(call $resp_set_header (i32.const 0) $name (i32.const 0) (i32.const 0))", {
      texts: { name: "a b" },
    }),
    gets: "the call returns 1",
  },
  {
    input: "a header value with a line's end",
    sources: expecting(
      1,
      "(block (result i32) (i32.store (i32.const 32) (i32.const 1025)) (i32.store (i32.const 36) " +
        "(i32.const 5)) (call $resp_set_header (i32.const 0) $name (i32.const 32) (i32.const 1)))",
      { texts: { name: "n", value: "a\r\nb:" } },
    ),
    gets: "the call returns 1",
  },
  {
    input: "a request to an address that is not public",
    sources: expecting(-1, `(call $req_send ${create})`, {
      texts: { method: "GET", url: "http://127.0.0.1:9/" },
    }),
    gets: "the call returns -1; the log says why",
  },
  {
    input: "a DNS query that is none",
    sources: expecting(0, `(call $dns_query_raw ${OUT} $query)`, { texts: { query: "no query" } }),
    gets: "the call returns 0",
  },
  {
    input: "more memory than allowed",
    sources: expecting(-1, "(memory.grow (i32.const 64))"),
    gets: "`memory.grow` returns -1",
  },
];

const MEMORY: readonly RunCase[] = [
  {
    input: "a text outside of memory",
    sources: watProgram({ run: "(call $debug (i32.const 262140) (i32.const 10))" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_debug incorrectly: the message (10 bytes at 262140) lies " +
        "outside of memory (262144 bytes). Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "an out-parameter outside of memory",
    sources: watProgram({ run: "(call $req_get_method (i32.const -4) (i32.const 20) (i32.const 0))" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_method incorrectly: the out-parameter for the pointer (4 " +
        "bytes at 4294967292) lies outside of memory (262144 bytes). Compare the call with " +
        "docs/reference/hostcalls.md",
    ),
  },
  {
    input: "slices outside of memory",
    sources: watProgram({
      run: "(drop (call $resp_set_header (i32.const 0) $name (i32.const -8) (i32.const 1)))",
      texts: { name: "n" },
    }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_resp_set_header incorrectly: the header values (8 bytes at " +
        "4294967288) lies outside of memory (262144 bytes). Compare the call with " +
        "docs/reference/hostcalls.md",
    ),
  },
  {
    input: "a module without memory that passes an address",
    sources: watProgram({ run: "(call $debug (i32.const 0) (i32.const 1))", memory: "" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_debug incorrectly: the module has no memory. Compare the " +
        "call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "no allocator, and something to return",
    sources: watProgram({ run: `(call $req_get_method ${OUT} (i32.const 0))`, malloc: null }),
    gets: fails(
      "TER_GUEST_NO_ALLOCATOR",
      "hostcall_req_get_method has something to return, but the program never called " +
        "hostcall_init_mm. Call hostcall_init_mm first, with the program's malloc and free, or " +
        "export both by these names",
    ),
  },
  {
    input: "an allocator beyond the table",
    sources: watProgram({ run: "(call $init_mm (i32.const 99) (i32.const 1))" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_init_mm incorrectly: malloc_fn is 99, but the function table " +
        "has 3 entries. Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "an allocator of another type",
    sources: watProgram({ run: "(call $init_mm (i32.const 2) (i32.const 1))" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_init_mm incorrectly: malloc_fn is not a function of type " +
        "(i32)->i32. Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "an allocator that returns null",
    sources: watProgram({ run: `(call $req_get_method ${OUT} (i32.const 0))`, malloc: "(i32.const 0)" }),
    gets: fails(
      "TER_GUEST_TRAP",
      "The program trapped: out of memory: its allocator had no 19 bytes for what a hostcall returns",
    ),
  },
  {
    input: "an allocator that returns an address outside of memory",
    sources: watProgram({ run: `(call $req_get_method ${OUT} (i32.const 0))`, malloc: "(i32.const -32)" }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_method incorrectly: the program's allocator gave 19 " +
        "bytes at 4294967264, outside of memory (262144 bytes). Compare the call with " +
        "docs/reference/hostcalls.md",
    ),
  },
  {
    input: "an allocator that calls a hostcall that needs it",
    sources: watProgram({
      run: `(call $req_get_method ${OUT} (i32.const 0))`,
      malloc: `(call $req_get_path ${OUT} (i32.const 0)) (i32.const 64)`,
    }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_path incorrectly: the program's allocator called a " +
        "hostcall that needs the allocator. Compare the call with docs/reference/hostcalls.md",
    ),
  },
  {
    input: "an allocator that waits",
    sources: watProgram({
      run: `(call $req_get_method ${OUT} (i32.const 0))`,
      malloc: "(drop (call $req_send (i32.const 1))) (i32.const 64)",
    }),
    gets: fails(
      "TER_GUEST_BAD_CALL",
      "The program called hostcall_req_get_method incorrectly: the program's allocator called a " +
        "hostcall that may wait. Compare the call with docs/reference/hostcalls.md",
    ),
  },
];

const key = (length: number): Readonly<Record<string, string>> => ({ key: "k".repeat(length) });
const LIMIT_CASES: readonly RunCase[] = [
  {
    input: "an endless loop",
    sources: watProgram({ run: "(loop (br 0))" }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of CPU time: used 300 ms, the limit is 300 ms. Raise it " +
        "with --limit cpuMs=N",
    ),
  },
  {
    input: "too many subrequests",
    sources: watProgram({
      run: LOOP(3, `(drop (call $req_send ${create}))`),
      texts: { method: "GET", url: "http://127.0.0.1:9/" },
    }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of subrequests: used 3, the limit is 2. Raise it with " +
        "--limit subrequests=N",
    ),
  },
  {
    input: "too many handles",
    sources: watProgram({ run: LOOP(5, `(drop ${create})`), texts: TARGET }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of live handles: used 5, the limit is 4. Raise it with " +
        "--limit handles=N",
    ),
  },
  {
    input: "too many DNS queries",
    sources: watProgram({
      run: LOOP(2, `(drop (call $dns_query_raw ${OUT} $query))`),
      texts: { query: "\0\0\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01" },
    }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of DNS queries: used 2, the limit is 1. Raise it with " +
        "--limit dnsQueries=N",
    ),
  },
  {
    input: "too many store operations",
    sources: watProgram({ run: LOOP(7, "(drop (call $kvstore_remove $key))"), texts: key(1) }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of store operations: used 7, the limit is 6. Raise it " +
        "with --limit keyValueOperations=N",
    ),
  },
  {
    input: "a key that is too long",
    sources: watProgram({ run: "(drop (call $kvstore_insert $key $key))", texts: key(21) }),
    gets: fails("TER_KV_KEY_TOO_LARGE", "Cannot store key: 21 bytes; the limit is 20. Use a shorter key"),
  },
  {
    input: "a value that is too long",
    sources: watProgram({
      run: "(drop (call $kvstore_insert $key (i32.const 0) (i32.const 1001)))",
      texts: key(1),
    }),
    gets: fails(
      "TER_KV_VALUE_TOO_LARGE",
      "Cannot store value: 1,001 bytes; the limit is 1,000. Store less under one key, or raise " +
        "the limit with --limit valueBytes=N",
    ),
  },
  {
    input: "a value that appending makes too long",
    sources: watProgram({
      run: LOOP(3, "(drop (call $kvstore_append $key (i32.const 0) (i32.const 400)))"),
      texts: key(1),
    }),
    gets: fails(
      "TER_KV_VALUE_TOO_LARGE",
      "Cannot store value: 1,200 bytes; the limit is 1,000. Store less under one key, or raise " +
        "the limit with --limit valueBytes=N",
    ),
  },
  {
    input: "too many keys",
    sources: watProgram({
      run: LOOP(4, "(i32.store8 (i32.const 1024) (local.get $a)) (drop (call $kvstore_insert $key $key))"),
      texts: key(1),
    }),
    gets: {
      status: 507,
      code: "TER_KV_FULL",
      message:
        "The store of this deployment is full: 4 keys; the limit is 3. Remove keys, or raise " +
        "the limit with --limit keyValueKeys=N",
    },
  },
  {
    input: "too many bytes in the store",
    sources: watProgram({
      run: LOOP(
        2,
        "(i32.store8 (i32.const 1024) (local.get $a)) (drop (call " +
          "$kvstore_insert $key (i32.const 0) (i32.const 900)))",
      ),
      texts: key(1),
    }),
    gets: {
      status: 507,
      code: "TER_KV_FULL",
      message:
        "The store of this deployment is full: 1,802 bytes; the limit is 1,500. Remove keys, or " +
        "raise the limit with --limit keyValueBytes=N",
    },
  },
  {
    input: "a response body that is too large",
    sources: watProgram({ run: "(drop (call $resp_set_body (i32.const 0) (i32.const 0) (i32.const 2001)))" }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of bytes of the response body: used 2,001, the limit is " +
        "2,000. Raise it with --limit responseBodyBytes=N",
    ),
  },
  {
    input: "response headers that are too large",
    sources: watProgram({
      run:
        "(i32.store (i32.const 32) (i32.const 4096)) (i32.store (i32.const 36) (i32.const " +
        "2001)) (memory.fill (i32.const 4096) (i32.const 97) (i32.const 2001)) (drop " +
        "(call $resp_set_header (i32.const 0) $name (i32.const 32) (i32.const 1)))",
      texts: { name: "n" },
    }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of header bytes: used 2,005, the limit is 2,000. Raise it " +
        "with --limit headerBytes=N",
    ),
  },
  {
    input: "a copy that is too large",
    sources: watProgram({ run: "(call $debug (i32.const 0) (i32.const 40001))" }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of bytes copied by one hostcall: used 40,001, the limit " +
        "is 40,000. Raise it with --limit copyBytes=N",
    ),
  },
  {
    input: "request bodies that are too large together",
    sources: watProgram({
      run: LOOP(2, `(drop (call $req_set_body ${create} (i32.const 0) (i32.const 20000)))`),
      texts: TARGET,
    }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of bytes held in requests and responses: used 40,000, the " +
        "limit is 30,000. Raise it with --limit heldBytes=N",
    ),
  },
  {
    input: "too many random bytes at once",
    sources: watProgram({ run: "(drop (call $random_get (i32.const 0) (i32.const 65537)))" }),
    gets: fails(
      "TER_GUEST_LIMIT",
      "The program exceeded its limit of random bytes of one call: used 65,537, the limit is " +
        "65,536. Use less: this limit is fixed",
    ),
  },
];

/** Asks the host that it was asked at for the same path, and passes status and body on. */
const ASKING_ITSELF = watProgram({
  run: `(call $req_get_header ${OUT} (i32.const 0) $host)
    (memory.copy (i32.const 40000) $scheme)
    (memory.copy (i32.const 40007) (i32.load (i32.load (i32.const 16))) (i32.load offset=4 (i32.load
      (i32.const 16))))
    (local.set $a (call $req_send (call $req_create $method (i32.const 40000) (i32.add (i32.const 7)
      (i32.load offset=4 (i32.load (i32.const 16)))))))
    (drop (call $resp_set_response_code (i32.const 0) (call $resp_get_response_code (local.get $a))))
    (call $resp_get_body ${OUT} (local.get $a))
    (drop (call $resp_set_body (i32.const 0) (i32.load (i32.const 16)) (i32.load (i32.const 20))))`,
  texts: { host: "host", scheme: "http://", method: "GET" },
});
const NEIGHBOURS: readonly RunCase[] = [
  {
    input: "a program that asks itself without end, and passes on what it gets",
    sources: ASKING_ITSELF,
    gets: {
      status: 508,
      code: undefined,
      message:
        "Deployments called one another 9 levels deep; the limit is 8. Make the program stop " +
        "calling itself, or the deployment that called it",
    },
  },
  {
    input: "a program that calls the control API",
    sources: expecting(-1, `(call $req_send ${create})`, {
      texts: { method: "GET", url: "http://localhost/api/v1/server" },
    }),
    gets: "the call returns -1; the log says why",
  },
];

/** By heading of the page. */
export const RUN_CASES = {
  "Faults of the program": TRAPS,
  Handles: HANDLES,
  Values: VALUES,
  Memory: MEMORY,
  Limits: LIMIT_CASES,
  "Other deployments": NEIGHBOURS,
} as const;
