// Every number that Terrarium promises: the bar, and the sentence that docs/SPECIFICATION.md prints for it.
// Benchmarks name the bar of a row; nothing else repeats its value.

export interface Bar {
  /** What is promised, as a table cell. */
  readonly promise: string;
  readonly kind: "at most" | "at least";
  readonly value: number;
  readonly unit: string;
  /** Shown in the README. */
  readonly headline?: true;
}

const besideNode = "compared with bare `node:http` on the same core, hello";
const press = "studio: press of Build & Deploy to the preview's response, warm";
const deploy = "edit to live with `terrarium deploy`, warm";

export const BARS = {
  isolation: {
    promise: "cost of isolation per request (acquire, restore, call, release), p50",
    kind: "at most",
    value: 10,
    unit: "µs",
    headline: true,
  },
  isolationForeign: {
    promise: "the same for a module built elsewhere: 17 pages, 16 imports, p50",
    kind: "at most",
    value: 35,
    unit: "µs",
  },
  edgeRate: { promise: `one edge: throughput ${besideNode}`, kind: "at least", value: 0.7, unit: "×" },
  edgeCpu: {
    promise: `one edge: requests per CPU second ${besideNode}`,
    kind: "at least",
    value: 0.7,
    unit: "×",
  },
  platform: {
    promise: `the whole platform: throughput ${besideNode} (template \`empty-wat\`)`,
    kind: "at least",
    value: 0.7,
    unit: "×",
    headline: true,
  },
  platformCpu: {
    promise: `the whole platform: requests per CPU second ${besideNode}`,
    kind: "at least",
    value: 0.7,
    unit: "×",
  },
  wasmtime: {
    promise: "throughput compared with `wasmtime serve`, hello",
    kind: "at least",
    value: 2.5,
    unit: "×",
    headline: true,
  },
  viceroy: { promise: "throughput compared with Viceroy, hello", kind: "at least", value: 5, unit: "×" },
  workerd: {
    promise: "throughput compared with workerd creating an instance per request, hello",
    kind: "at least",
    value: 10,
    unit: "×",
    headline: true,
  },
  scaling: {
    promise: "throughput of two edges compared with one, a guest that computes for 5 ms or more",
    kind: "at least",
    value: 1.8,
    unit: "×",
  },
  interruption: {
    promise: "cost of interruption checks in optimized code, geometric mean of the kernels",
    kind: "at most",
    value: 6,
    unit: "%",
    headline: true,
  },
  interruptionKernel: { promise: "the same, worst kernel", kind: "at most", value: 20, unit: "%" },
  interruptionRecursion: { promise: "the same, recursion", kind: "at most", value: 60, unit: "%" },
  kill: {
    promise: "a runaway guest is stopped this soon after its limit, bulk operations included, p90",
    kind: "at most",
    value: 20,
    unit: "ms",
    headline: true,
  },
  offences: { promise: "offences until a deployment is quarantined", kind: "at most", value: 3, unit: "" },
  neighbours: {
    promise: "p99 of a quarantined runaway's neighbours compared with idle",
    kind: "at most",
    value: 2,
    unit: "×",
  },
  waiting: {
    promise: "p99 of other requests while 1,000 requests wait, compared with idle",
    kind: "at most",
    value: 1.5,
    unit: "×",
    headline: true,
  },
  crowd: {
    promise: "requests waiting on one edge that are all answered",
    kind: "at least",
    value: 9900,
    unit: "",
  },
  residentMemory: {
    promise: "memory of all processes, 10,000 deployments resident and 1,000 warm, without compilers",
    kind: "at most",
    value: 1024,
    unit: "MiB",
    headline: true,
  },
  coldRequest: {
    promise: "first request to a cold deployment, small module, p50",
    kind: "at most",
    value: 5,
    unit: "ms",
    headline: true,
  },
  recoveryEdge: {
    promise: "a killed edge is back, under load",
    kind: "at most",
    value: 200,
    unit: "ms",
    headline: true,
  },
  recoverySupervisor: {
    promise: "a killed supervisor is back, under load",
    kind: "at most",
    value: 500,
    unit: "ms",
    headline: true,
  },
  recoveryFrozen: {
    promise: "a frozen edge or supervisor is replaced, under load",
    kind: "at most",
    value: 3000,
    unit: "ms",
  },
  installation: {
    promise: "disk space of an installation, with Node and all compilers but Rust's",
    kind: "at most",
    value: 450,
    unit: "MiB",
    headline: true,
  },
  ending: {
    promise: "SIGTERM ends a platform in every state, beyond its grace period",
    kind: "at most",
    value: 2000,
    unit: "ms",
  },
  recoveryFailures: {
    promise: "requests that fail in other processes meanwhile",
    kind: "at most",
    value: 0,
    unit: "requests",
  },
  stormLost: {
    promise: "acknowledged writes that are lost while processes are killed and frozen",
    kind: "at most",
    value: 0,
    unit: "",
    headline: true,
  },
  stormWrong: {
    promise: "answers meanwhile that no order of all requests explains",
    kind: "at most",
    value: 0,
    unit: "",
  },
  stormDown: {
    promise: "times that the platform did not come back by itself",
    kind: "at most",
    value: 0,
    unit: "",
  },
  deployWat: { promise: `${deploy}: WAT`, kind: "at most", value: 0.1, unit: "s", headline: true },
  deployAssemblyScript: { promise: `${deploy}: AssemblyScript`, kind: "at most", value: 0.5, unit: "s" },
  deployC: { promise: `${deploy}: C`, kind: "at most", value: 0.5, unit: "s" },
  deployRust: { promise: `${deploy}: Rust`, kind: "at most", value: 1.2, unit: "s", headline: true },
  firstDeployC: { promise: "first deploy of C in a new server", kind: "at most", value: 5, unit: "s" },
  firstDeployRust: { promise: "first deploy of Rust in a new server", kind: "at most", value: 10, unit: "s" },
  buildWat: { promise: "build alone, warm: WAT", kind: "at most", value: 100, unit: "ms" },
  buildAssemblyScript: {
    promise: "build alone, warm: AssemblyScript",
    kind: "at most",
    value: 500,
    unit: "ms",
  },
  buildC: { promise: "build alone, warm: C", kind: "at most", value: 500, unit: "ms" },
  studioVisit: {
    promise: "studio: first visit, editor included, transferred",
    kind: "at most",
    value: 350,
    unit: "KB",
  },
  studioWat: { promise: `${press}: WAT`, kind: "at most", value: 0.5, unit: "s" },
  studioAssemblyScript: { promise: `${press}: AssemblyScript`, kind: "at most", value: 1, unit: "s" },
  studioC: { promise: `${press}: C`, kind: "at most", value: 1, unit: "s" },
  studioRust: { promise: `${press}: Rust`, kind: "at most", value: 2, unit: "s" },
} as const satisfies Record<string, Bar>;

export type BarName = keyof typeof BARS;

/** The bar of that name, with its optional fields visible to the type checker. */
export function barOf(name: BarName): Bar {
  return BARS[name];
}
