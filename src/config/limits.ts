// Every limit of the platform: default, hard ceiling and unit. Reasons stand in docs/SPECIFICATION.md.

const KIB = 1024;
const MIB = 1024 * KIB;

export interface Limit {
  readonly default: number;
  readonly ceiling: number;
  readonly unit: "bytes" | "ms" | "pages" | "entries" | "count";
  readonly summary: string;
}

export const LIMITS = {
  cpuMs: { default: 10_000, ceiling: 30_000, unit: "ms", summary: "CPU time of one request" },
  startMs: {
    default: 1000,
    ceiling: 10_000,
    unit: "ms",
    summary: "CPU time of start function and constructors, within that of the request",
  },
  wallMs: { default: 30_000, ceiling: 120_000, unit: "ms", summary: "time of one request from start to end" },
  memoryPages: {
    default: 1024,
    ceiling: 2048,
    unit: "pages",
    summary: "linear memory of one instance (64 KiB a page)",
  },
  tableEntries: {
    default: 10_000,
    ceiling: 100_000,
    unit: "entries",
    summary: "entries of all tables of one instance",
  },
  subrequests: {
    default: 32,
    ceiling: 1000,
    unit: "count",
    summary: "HTTP requests that one request may make, redirects included",
  },
  concurrentSubrequests: {
    default: 6,
    ceiling: 64,
    unit: "count",
    summary: "HTTP requests of one request under way at once",
  },
  outboundBodyBytes: {
    default: 10 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "body of an upstream's answer, after decoding",
  },
  requestBodyBytes: {
    default: 10 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "body of an incoming request",
  },
  responseBodyBytes: { default: 10 * MIB, ceiling: 64 * MIB, unit: "bytes", summary: "body of a response" },
  urlBytes: {
    default: 8 * KIB,
    ceiling: 16 * KIB,
    unit: "bytes",
    summary: "path and query of an incoming request",
  },
  headerBytes: {
    default: 32 * KIB,
    ceiling: 64 * KIB,
    unit: "bytes",
    summary: "headers of a request or response",
  },
  headerCount: { default: 100, ceiling: 1000, unit: "count", summary: "headers of an incoming request" },
  handles: { default: 1024, ceiling: 4096, unit: "count", summary: "live handles of one request" },
  heldBytes: {
    default: 64 * MIB,
    ceiling: 256 * MIB,
    unit: "bytes",
    summary: "bodies that the requests and responses of one request hold",
  },
  dnsQueries: { default: 64, ceiling: 1000, unit: "count", summary: "DNS queries of one request" },
  copyBytes: {
    default: 16 * MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "bytes that one hostcall copies",
  },
  keyValueOperations: {
    default: 1000,
    ceiling: 100_000,
    unit: "count",
    summary: "store operations of one request",
  },
  keyBytes: { default: KIB, ceiling: KIB, unit: "bytes", summary: "a key of the store" },
  valueBytes: { default: MIB, ceiling: 16 * MIB, unit: "bytes", summary: "a value of the store" },
  keyValueKeys: {
    default: 10_000,
    ceiling: 1_000_000,
    unit: "count",
    summary: "keys of one deployment's store",
  },
  keyValueBytes: {
    default: 50 * MIB,
    ceiling: 1024 * MIB,
    unit: "bytes",
    summary: "keys and values of one deployment's store",
  },
  logBytes: { default: 64 * KIB, ceiling: MIB, unit: "bytes", summary: "log text of one request" },
  deploymentLogBytes: {
    default: MIB,
    ceiling: 64 * MIB,
    unit: "bytes",
    summary: "log kept of one deployment",
  },
  uploadBytes: { default: 32 * MIB, ceiling: 128 * MIB, unit: "bytes", summary: "archive of a project" },
  unpackedBytes: { default: 64 * MIB, ceiling: 256 * MIB, unit: "bytes", summary: "all files of a project" },
  archiveEntries: { default: 2000, ceiling: 20_000, unit: "count", summary: "files of a project" },
  moduleBytes: { default: 16 * MIB, ceiling: 64 * MIB, unit: "bytes", summary: "a WebAssembly module" },
  compileMs: { default: 10_000, ceiling: 60_000, unit: "ms", summary: "making native code of one module" },
  buildMs: { default: 60_000, ceiling: 600_000, unit: "ms", summary: "one build" },
  buildLogBytes: {
    default: 128 * KIB,
    ceiling: MIB,
    unit: "bytes",
    summary: "compiler output kept of one build",
  },
  requestsInFlight: {
    default: 4096,
    ceiling: 10_000,
    unit: "count",
    summary: "requests that one edge runs at once; beyond it answers 503",
  },
  deployments: { default: 10_000, ceiling: 100_000, unit: "count", summary: "deployments resident at once" },
  buildQueue: { default: 64, ceiling: 1000, unit: "count", summary: "deploys that wait for a compiler" },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** Limits in force. */
export type Limits = Readonly<Record<LimitName, number>>;

/** The default of every limit. */
export const DEFAULT_LIMITS: Limits = Object.freeze(
  Object.fromEntries(Object.entries(LIMITS).map(([name, limit]) => [name, limit.default])),
) as Limits;

/** How the operator raises a limit, to stand behind a message that names it; nothing where it is as high as it may be. */
export function remedyFor(name: LimitName, inForce: number): string {
  return inForce < LIMITS[name].ceiling ? `; raise it with --limit ${name}=N` : "";
}
