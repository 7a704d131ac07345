// Every limit of the platform. `node bin/node26.mjs scripts/limits-table.ts --write` makes the table in
// docs/SPECIFICATION.md.

const KIB = 1024;
const MIB = 1024 * KIB;

export interface Limit {
  readonly default: number;
  readonly ceiling: number;
  readonly unit: "bytes" | "ms" | "pages" | "entries" | "count";
  /** What is limited; `terrarium limits` prints it. */
  readonly summary: string;
  /** What happens beyond it. */
  readonly beyond: string;
  /** Why the default is what it is. */
  readonly reason: string;
  /** The tests that hold it. */
  readonly tests: readonly string[];
}

export const LIMITS = {
  cpuMs: {
    default: 10_000,
    ceiling: 30_000,
    unit: "ms",
    summary: "CPU time of one request",
    beyond: "500 that names the limit",
    reason: "generous on your own machine; set 50 ms, Fastly's limit, where strangers deploy",
    tests: [
      "tests/hostile/hostile.test.ts",
      "src/engine/running/run.test.ts",
      "src/engine/interrupt.test.ts",
    ],
  },
  startMs: {
    default: 1000,
    ceiling: 10_000,
    unit: "ms",
    summary: "CPU time of the start function and constructors, counted toward the request's CPU time",
    beyond:
      "deploy refused with TER_WASM_START_TOO_SLOW; 500 that names the limit where only a request shows it",
    reason: "what it leaves behind serves many requests, so it may take longer than a request should",
    tests: ["src/engine/rewritten.test.ts", "tests/e2e/refusals.test.ts"],
  },
  instanceMs: {
    default: 20,
    ceiling: 200,
    unit: "ms",
    summary: "CPU time to create an instance, before its start function",
    beyond: "deploy refused with TER_WASM_INSTANCE_TOO_SLOW",
    reason: "each request may need a new instance, and nothing can interrupt its creation",
    tests: ["tests/attacks/instance-cost.test.ts"],
  },
  wallMs: {
    default: 30_000,
    ceiling: 120_000,
    unit: "ms",
    summary: "wall-clock time of one request",
    beyond: "500 that names the limit",
    reason: "how long clients of the deploy protocol wait for a response",
    tests: ["src/engine/running/run.test.ts"],
  },
  memoryPages: {
    default: 1024,
    ceiling: 2048,
    unit: "pages",
    summary: "linear memory of one instance, in pages of 64 KiB",
    beyond: "growth returns -1; a later trap names the limit",
    reason: "what one slot of the pool may hold; memories above 16 MiB are not reused",
    tests: ["tests/hostile/out-of-memory.test.ts", "src/engine/rewritten.test.ts"],
  },
  tableEntries: {
    default: 10_000,
    ceiling: 100_000,
    unit: "entries",
    summary: "entries in all tables of one instance",
    beyond: "growth returns -1; a later trap names the limit",
    reason: "an operation on a whole table cannot be interrupted",
    tests: ["src/engine/rewritten.test.ts", "src/wasm/writing/growth-functions.test.ts"],
  },
  subrequests: {
    default: 32,
    ceiling: 1000,
    unit: "count",
    summary: "HTTP requests that one request may send, redirects included",
    beyond: "500 that names the limit",
    reason: "the same as Fastly",
    tests: ["src/hostcalls/http/pending.test.ts", "tests/e2e/refusals.test.ts"],
  },
  localRequests: {
    default: 256,
    ceiling: 10_000,
    unit: "count",
    summary: "requests to deployments of this platform that one client's request may cause in all",
    beyond: "the subrequest fails with -1, and the log says why",
    reason: "programs that call each other, or themselves, multiply: 32 requests eight levels deep never end",
    tests: ["tests/attacks/self-requests.test.ts"],
  },
  concurrentSubrequests: {
    default: 6,
    ceiling: 64,
    unit: "count",
    summary: "HTTP requests that one request may have in flight at once",
    beyond: "further ones wait",
    reason: "the same as Cloudflare: 6 open connections",
    tests: ["src/hostcalls/http/pending.test.ts"],
  },
  outboundBodyBytes: {
    default: 10 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "body of an upstream response, after decoding",
    beyond: "the subrequest fails with -1",
    reason: "counted after decoding, so that a compression bomb stops here",
    tests: ["src/hostcalls/http/outbound/outbound.test.ts"],
  },
  requestBodyBytes: {
    default: 10 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "body of an incoming request",
    beyond: "413",
    reason: "bodies are held in memory",
    tests: ["tests/edge/limits.test.ts"],
  },
  responseBodyBytes: {
    default: 10 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "body of a response",
    beyond: "500 that names the limit",
    reason: "bodies are held in memory",
    tests: ["tests/e2e/refusals.test.ts"],
  },
  urlBytes: {
    default: 8 * KIB,
    ceiling: 16 * KIB,
    unit: "bytes",
    summary: "path and query of an incoming request",
    beyond: "414",
    reason: "the same as Fastly",
    tests: ["tests/edge/limits.test.ts", "src/edge/request/head.test.ts"],
  },
  headerBytes: {
    default: 32 * KIB,
    ceiling: 64 * KIB,
    unit: "bytes",
    summary: "headers of a request or response",
    beyond: "431; 500 that names the limit for a guest's own headers",
    reason: "twice Node's default",
    tests: ["tests/edge/limits.test.ts", "src/hostcalls/http/http.test.ts"],
  },
  headerCount: {
    default: 100,
    ceiling: 1000,
    unit: "count",
    summary: "number of headers of an incoming request",
    beyond: "431",
    reason: "Node has no such limit",
    tests: ["tests/edge/limits.test.ts", "src/edge/request/head.test.ts"],
  },
  handles: {
    default: 1024,
    ceiling: 4096,
    unit: "count",
    summary: "live handles of one request",
    beyond: "500 that names the limit",
    reason: "each costs host memory",
    tests: ["tests/hostile/hostile.test.ts", "src/hostcalls/http/http.test.ts"],
  },
  heldBytes: {
    default: 64 * MIB,
    ceiling: 256 * MIB,
    unit: "bytes",
    summary: "bodies held by all requests and responses of one request",
    beyond: "500 that names the limit",
    reason: "as much as the guest's own memory",
    tests: ["src/hostcalls/http/http.test.ts"],
  },
  dnsQueries: {
    default: 64,
    ceiling: 1000,
    unit: "count",
    summary: "DNS queries of one request",
    beyond: "500 that names the limit",
    reason: "twice the subrequests",
    tests: ["tests/e2e/refusals.test.ts"],
  },
  copyBytes: {
    default: 16 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "bytes copied by one hostcall",
    beyond: "500 that names the limit",
    reason: "a copy cannot be interrupted",
    tests: ["src/hostcalls/memory/memory.test.ts", "tests/e2e/refusals.test.ts"],
  },
  keyValueOperations: {
    default: 1000,
    ceiling: 100_000,
    unit: "count",
    summary: "store operations of one request",
    beyond: "500 that names the limit",
    reason: "a write takes 4 to 10 µs",
    tests: ["tests/e2e/refusals.test.ts"],
  },
  keyBytes: {
    default: KIB,
    ceiling: KIB,
    unit: "bytes",
    summary: "one key of the store",
    beyond: "500 that names the limit",
    reason: "a key is an index entry",
    tests: ["tests/e2e/refusals.test.ts", "src/store/sqlite/contract.test.ts"],
  },
  valueBytes: {
    default: MIB,
    ceiling: 16 * MIB,
    unit: "bytes",
    summary: "one value of the store",
    beyond: "500 that names the limit",
    reason: "large values delay other writers",
    tests: ["tests/e2e/refusals.test.ts", "src/store/sqlite/contract.test.ts"],
  },
  keyValueKeys: {
    default: 10_000,
    ceiling: 1_000_000,
    unit: "count",
    summary: "keys in one deployment's store",
    beyond: "500 that names the limit",
    reason: "a deployment lives for minutes",
    tests: ["tests/e2e/refusals.test.ts", "src/store/sqlite/contract.test.ts"],
  },
  keyValueBytes: {
    default: 50 * MIB,
    ceiling: 1024 * MIB,
    unit: "bytes",
    summary: "keys and values in one deployment's store",
    beyond: "500 that names the limit",
    reason: "each deployment has a file of its own",
    tests: ["tests/e2e/refusals.test.ts", "src/store/sqlite/contract.test.ts"],
  },
  logBytes: {
    default: 64 * KIB,
    ceiling: MIB,
    unit: "bytes",
    summary: "log text of one request",
    beyond: "the rest is dropped, and one line says so",
    reason: "log lines of one request stay readable",
    tests: ["src/hostcalls/domains.test.ts"],
  },
  deploymentLogBytes: {
    default: MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "log kept for one deployment",
    beyond: "the oldest events are dropped",
    reason: "a ring: the latest events stay",
    tests: ["src/store/sqlite/contract.test.ts"],
  },
  uploadBytes: {
    default: 32 * MIB,
    ceiling: 128 * MIB,
    unit: "bytes",
    summary: "uploaded archive of a project",
    beyond: "deploy refused",
    reason: "twice the largest module",
    tests: ["src/project/read-archive.test.ts", "tests/builder/archives.test.ts"],
  },
  unpackedBytes: {
    default: 64 * MIB,
    ceiling: 256 * MIB,
    unit: "bytes",
    summary: "all files of a project, unpacked",
    beyond: "deploy refused",
    reason: "twice the upload",
    tests: ["src/project/read-archive.test.ts", "tests/builder/archives.test.ts"],
  },
  archiveEntries: {
    default: 2000,
    ceiling: 20_000,
    unit: "count",
    summary: "files in a project",
    beyond: "deploy refused",
    reason: "more than any project needs",
    tests: ["src/project/read-archive.test.ts", "tests/builder/archives.test.ts"],
  },
  moduleBytes: {
    default: 16 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "one WebAssembly module",
    beyond: "deploy refused",
    reason: "V8's baseline compiler handles about 40 MB per second",
    tests: ["tests/e2e/refusals.test.ts"],
  },
  compileMs: {
    default: 10_000,
    ceiling: 60_000,
    unit: "ms",
    summary: "compiling one module to native code",
    beyond: "deploy refused",
    reason: "twenty times what the largest module takes",
    tests: ["src/control/rewriting/rewriter.test.ts"],
  },
  compileBytes: {
    default: 1536 * MIB,
    ceiling: 16_384 * MIB,
    unit: "bytes",
    summary: "memory of the process that checks and compiles one module first",
    beyond: "deploy refused",
    reason: "six times what a module of 16 MB takes",
    tests: ["src/control/rewriting/rewriter.test.ts"],
  },
  buildMs: {
    default: 60_000,
    ceiling: 600_000,
    unit: "ms",
    summary: "one build",
    beyond: "deploy refused",
    reason: "clients of the deploy protocol give up after 90 s",
    tests: ["tests/builder/compilers.test.ts"],
  },
  buildLogBytes: {
    default: 128 * KIB,
    ceiling: MIB,
    unit: "bytes",
    summary: "compiler output kept for one build",
    beyond: "cut at a line",
    reason: "longer output helps nobody",
    tests: ["tests/builder/compilers.test.ts"],
  },
  requestsInFlight: {
    default: 4096,
    ceiling: 10_000,
    unit: "count",
    summary: "requests that one edge runs at once",
    beyond: "503 with Retry-After",
    reason:
      "memory maps: a waiting guest takes 5 of the 65,530 that a process may have, and V8 aborts beyond that",
    tests: ["tests/e2e/waiting.test.ts", "tests/edge/limits.test.ts", "src/engine/running/turns.test.ts"],
  },
  deployments: {
    default: 10_000,
    ceiling: 100_000,
    unit: "count",
    summary: "deployments resident at once",
    beyond: "503 with TER_FULL",
    reason: "memory; see bench/resident.ts",
    tests: ["tests/e2e/full.test.ts"],
  },
  buildQueue: {
    default: 64,
    ceiling: 1000,
    unit: "count",
    summary: "deploys waiting for a compiler",
    beyond: "deploy refused",
    reason: "clients of the deploy protocol wait 90 s",
    tests: ["src/builder/build-queue.test.ts"],
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** Limits in force. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Other defaults for a server that strangers use. */
export const PUBLIC_LIMITS: Partial<Limits> = { cpuMs: 50 };
/** Longest time to live there, unless --max-ttl names another. */
export const PUBLIC_MAX_TTL_MS = 3_600_000;

/** The default of every limit. */
export const DEFAULT_LIMITS: Limits = Object.freeze(
  Object.fromEntries(Object.entries(LIMITS).map(([name, limit]) => [name, limit.default])),
) as Limits;

/** How to fix an exceeded limit. `name` is null for a limit that cannot be changed. */
export function fixForLimit(name: LimitName | null, inForce: number): string {
  if (name === null) return "Use less: this limit is fixed";
  return inForce < LIMITS[name].ceiling
    ? `Raise it with --limit ${name}=N`
    : `Use less: ${name} is at its maximum`;
}
