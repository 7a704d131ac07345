// Defences of the hostcalls: what guests can reach, read, hold and cause.
import { EGRESS } from "./egress.ts";
import type { Defence } from "./types.ts";

const HOSTCALLS = "src/hostcalls";
const HTTP = `${HOSTCALLS}/http/http.test.ts`;
const PENDING = `${HOSTCALLS}/http/pending.test.ts`;
const MEMORY = `${HOSTCALLS}/memory/memory.test.ts`;
const DNS = `${HOSTCALLS}/dns/dns.test.ts`;
const DOMAINS = `${HOSTCALLS}/domains.test.ts`;
const WASI = `${HOSTCALLS}/wasi/wasi.test.ts`;

const WORK_TEST = `${HOSTCALLS}/host-work.test.ts`;

/** What hostcalls may make the host do. */
const WORK: readonly Defence[] = [
  {
    name: "A hostcall reads the kill word while it works",
    file: `${HOSTCALLS}/host-work.ts`,
    test: WORK_TEST,
    present: "run.checkInterrupt();",
    removed: "void run;",
  },
  {
    name: "A run whose time is up ends inside a hostcall",
    file: "src/engine/running/run.ts",
    test: "src/engine/running/run.test.ts",
    present: "if (killed !== null) this.fault(this.#limitReached(killed));",
    removed: "if (killed === null) return;",
  },
  {
    name: "A log line is cut before it is spelled out",
    file: `${HOSTCALLS}/log/run-log.ts`,
    test: WORK_TEST,
    present: "message.subarray(0, Math.max(0, room) + CHARACTER_BYTES)",
    removed: "message",
  },
  {
    name: "Lines without text are counted",
    file: `${HOSTCALLS}/log/run-log.ts`,
    test: WORK_TEST,
    present: "&& this.#usedLines <= this.#allowedLines",
    removed: "",
  },
  {
    name: "Sizes of store values are checked before they are copied",
    file: `${HOSTCALLS}/kv/calls.ts`,
    test: WORK_TEST,
    present: "checkSizes(keyValueQuotaOf(run.state.services.limits), ...sizes(view.length));",
    removed: "void [checkSizes, keyValueQuotaOf, view, sizes];",
  },
  {
    name: "A sum without an address changes nothing",
    file: `${HOSTCALLS}/kv/calls.ts`,
    test: `${HOSTCALLS}/domains.test.ts`,
    present: "if (valueOut !== 0) viewBytes(run, valueOut, 8, SUM_OUT);",
    removed: "",
  },
  {
    name: "Names and methods are bounded before they are copied",
    file: `${HOSTCALLS}/memory/guest-memory.ts`,
    test: WORK_TEST,
    present: "checkHeaderBytes(run, size);\n  chargeWork(run, size);",
    removed: "chargeWork(run, size);",
  },
  {
    name: "Compressed DNS names are not followed for long",
    file: `${HOSTCALLS}/dns/message.ts`,
    test: WORK_TEST,
    present: "if (++pointers > MAX_POINTERS)",
    removed: "if (++pointers < 0)",
  },
  {
    name: "Lines of one deployment that wait to be stored are bounded",
    file: "src/edge/logs/guest-logs.ts",
    test: "src/edge/logs/guest-logs.test.ts",
    present: "if (waiting.events.length >= MAX_WAITING_LINES)",
    removed: "if (waiting.events.length < 0)",
  },
];

const NAMES: readonly Defence[] = [
  {
    name: "Queries carry an id that the guest does not choose",
    file: `${HOSTCALLS}/dns/resolver.ts`,
    test: DNS,
    present: "    options.random(wire.subarray(0, 2));\n",
    removed: "",
  },
  {
    name: "Only an answer to the same question counts",
    file: `${HOSTCALLS}/dns/query-server.ts`,
    test: DNS,
    present: " || !isSameQuestion(asked, message)",
    removed: "",
  },
  {
    name: "Only an answer with the query's id counts",
    file: `${HOSTCALLS}/dns/query-server.ts`,
    test: DNS,
    present: " !== asked.id) return null;",
    removed: " < 0) return null;",
  },
  {
    name: "Only whole queries leave",
    file: `${HOSTCALLS}/dns/resolver.ts`,
    test: DNS,
    present: "      checkQuery(query);\n",
    removed: "",
  },
  {
    name: "Names are followed backwards only",
    file: `${HOSTCALLS}/dns/message.ts`,
    test: DNS,
    present: "target >= lowest || ",
    removed: "target > bytes.length || ",
    endless: true,
  },
  {
    name: "Answers carry no trailing bytes",
    file: `${HOSTCALLS}/dns/query-server.ts`,
    test: DNS,
    present: "bytes.subarray(0, message.length)",
    removed: "bytes",
  },
  {
    name: "A name has at most 256 addresses",
    file: `${HOSTCALLS}/dns/resolver.ts`,
    test: DNS,
    present: "const MAX_ADDRESSES = 256;",
    removed: "const MAX_ADDRESSES = 1e9;",
  },
];

const GUEST: readonly Defence[] = [
  {
    name: "Addresses of the guest lie within its memory",
    file: `${HOSTCALLS}/memory/guest-memory.ts`,
    test: MEMORY,
    present: "if (start + size > bytes.length) throw",
    removed: "if (start < 0) throw",
  },
  {
    name: "What malloc gives lies within memory",
    file: `${HOSTCALLS}/memory/allocator.ts`,
    test: MEMORY,
    present: "if (pointer + size > memory.length) throw",
    removed: "if (pointer < 0) throw",
  },
  {
    name: "What the host gives ends in zero bytes",
    file: `${HOSTCALLS}/memory/allocator.ts`,
    test: MEMORY,
    present: "  memory.fill(0, pointer + length, pointer + size);\n",
    removed: "",
  },
  {
    name: "An allocator does not recurse through the host",
    file: `${HOSTCALLS}/memory/allocator.ts`,
    test: MEMORY,
    present: "if (state.allocating) throw",
    removed: "if (state.malloc === undefined) throw",
  },
  {
    name: "An allocator that waits is a fault of the guest",
    file: `${HOSTCALLS}/memory/allocator.ts`,
    test: MEMORY,
    present: `error.name === "SuspendError"`,
    removed: `error.name === "never"`,
  },
  {
    name: "malloc_fn has the type of malloc",
    file: `${HOSTCALLS}/memory/calls.ts`,
    test: MEMORY,
    present: "if (!isMalloc(malloc)) throw",
    removed: 'if (typeof malloc !== "function") throw',
  },
  {
    name: "One call copies no more than its limit",
    file: `${HOSTCALLS}/memory/guest-memory.ts`,
    test: MEMORY,
    present: 'if (bytes > allowed) throw limitReached("bytes copied',
    removed: 'if (bytes < 0) throw limitReached("bytes copied',
  },
  {
    name: "Header values end no line",
    file: `${HOSTCALLS}/http/request.ts`,
    test: HTTP,
    present: " || !values.every(isFieldValue)) return INVALID",
    removed: ") return INVALID",
  },
  {
    name: "Header names are tokens",
    file: `${HOSTCALLS}/http/request.ts`,
    test: HTTP,
    present: "if (!isToken(name) || ",
    removed: "if (",
  },
  {
    name: "Guests do not frame",
    file: `${HOSTCALLS}/http/request.ts`,
    test: HTTP,
    present: "if (!isFraming(name)) headers",
    removed: "headers",
  },
  {
    name: "Headers are bounded",
    file: `${HOSTCALLS}/http/header-table.ts`,
    test: HTTP,
    present: "if (bytes > maxBytes) throw",
    removed: "if (bytes < 0) throw",
  },
  {
    name: "Handles are bounded",
    file: `${HOSTCALLS}/http/handle-table.ts`,
    test: HTTP,
    present: "if (this.#budget.live >= this.#budget.allowed) throw",
    removed: "if (this.#budget.live < 0) throw",
  },
  {
    name: "What handles hold is bounded",
    file: `${HOSTCALLS}/http/http-state.ts`,
    test: HTTP,
    present: "if (held > this.#limits.heldBytes) throw",
    removed: "if (held < 0) throw",
  },
  {
    name: "Subrequests are bounded",
    file: `${HOSTCALLS}/http/subrequests.ts`,
    test: PENDING,
    present: "if (this.#spent >= this.#allowed) throw",
    removed: "if (this.#spent < 0) throw",
  },
  {
    name: "Subrequests at once are bounded",
    file: `${HOSTCALLS}/http/subrequests.ts`,
    test: PENDING,
    present: "if (this.#underWay >= this.#allowedAtOnce) return",
    removed: "if (this.#underWay < 0) return",
  },
  {
    name: "Polling does not starve the event loop",
    file: `${HOSTCALLS}/http/pending.ts`,
    test: PENDING,
    present: "whenDone(run, oneTurn(), ",
    removed: "whenDone(run, Promise.resolve(oneTurn.length), ",
  },
  {
    name: "A wait ends with its run",
    file: `${HOSTCALLS}/waiting.ts`,
    test: PENDING,
    present: `    signal.addEventListener("abort", end, { once: true });\n    promise`,
    removed: "    promise",
    endless: true,
  },
  {
    name: "The clock stands still while the guest computes",
    file: `${HOSTCALLS}/time/clock.ts`,
    test: DOMAINS,
    present: "    return this.#nowMs;\n",
    removed: "    return this.#now();\n",
  },
  {
    name: "Log text steers no terminal",
    file: `${HOSTCALLS}/log/one-line.ts`,
    test: DOMAINS,
    present: "line += step.replace(/[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029]/g, spelled);",
    removed: "line += step;",
  },
  {
    name: "The log of a run is bounded",
    file: `${HOSTCALLS}/log/run-log.ts`,
    test: DOMAINS,
    present: "if (bytes.length <= room && this.#usedLines <= this.#allowedLines)",
    removed: "if (this.#usedLines <= this.#allowedLines)",
  },
  {
    name: "Store operations are bounded",
    file: `${HOSTCALLS}/kv/calls.ts`,
    test: DOMAINS,
    present: "if (run.state.keyValueOperations > allowed) throw",
    removed: "if (allowed < 0) throw",
  },
  {
    name: "DNS queries are bounded",
    file: `${HOSTCALLS}/dns/calls.ts`,
    test: DOMAINS,
    present: "if (run.state.dnsQueries > allowed) throw",
    removed: "if (allowed < 0) throw",
  },
  {
    name: "Our bugs tell guests nothing of our inside",
    file: `${HOSTCALLS}/border.ts`,
    test: DOMAINS,
    present: "{ reason: `${name} threw` }",
    removed: "{ reason: `${name} threw ${String(error)}` }",
  },
  {
    name: "Random bytes of one call are bounded",
    file: `${HOSTCALLS}/wasi/process.ts`,
    test: WASI,
    present: "if (length > MAX_RANDOM_BYTES) throw",
    removed: "if (length < 0) throw",
  },
  {
    name: "Output vectors are bounded",
    file: `${HOSTCALLS}/wasi/streams.ts`,
    test: WASI,
    present: "if (used > allowed) throw",
    removed: "if (used < 0) throw",
  },
];

/** All defences of the hostcalls. */
export const HOSTCALL_DEFENCES: readonly Defence[] = [...WORK, ...EGRESS, ...NAMES, ...GUEST];
