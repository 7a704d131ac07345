// The metrics of an edge by name: what each is, for Prometheus and for docs/reference/metrics.md.

/** A family of series. */
export interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
}

/** Upper bounds of the run-time histogram, in seconds. */
export const RUN_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** Families by name; all values are sums over the edges. */
export const FAMILIES = {
  terrarium_edges: { type: "gauge", help: "Edges that answered, those of quarantined deployments included." },
  terrarium_requests_total: {
    type: "counter",
    help: "Requests taken in, to deployments and to the bare domain.",
  },
  terrarium_responses_total: {
    type: "counter",
    help: "Requests that are over, by class of their status; none if the client had gone.",
  },
  terrarium_requests_in_flight: { type: "gauge", help: "Requests being answered." },
  terrarium_run_duration_seconds: { type: "histogram", help: "Time of programs' runs from start to end." },
  terrarium_run_cpu_seconds_total: { type: "counter", help: "CPU time inside programs and their hostcalls." },
  terrarium_faults_total: { type: "counter", help: "Runs that ended in a fault, by code of the error." },
  terrarium_offences_total: {
    type: "counter",
    help: "Times that a deployment took more CPU than is fair; three of them lead to quarantine.",
  },
  terrarium_deployments_loaded: {
    type: "gauge",
    help: "Deployments held in memory; one that several edges hold counts for each.",
  },
  terrarium_programs_compiled: { type: "gauge", help: "Programs with machine code in memory." },
  terrarium_compiles_total: { type: "counter", help: "Modules compiled." },
  terrarium_compile_seconds_total: { type: "counter", help: "Time until compiled modules were ready." },
  terrarium_runs_waiting: { type: "gauge", help: "Runs that wait for a hostcall or for their turn." },
  terrarium_pooled_memories: { type: "gauge", help: "Wiped memories that wait for their next run." },
  terrarium_pooled_bytes: { type: "gauge", help: "Size of those memories." },
  terrarium_held_bytes: {
    type: "gauge",
    help: "Bytes that requests hold while they wait.",
  },
  terrarium_unsent_bytes: {
    type: "gauge",
    help: "Bytes of responses that clients have not taken yet.",
  },
  terrarium_http2_sessions: { type: "gauge", help: "Open HTTP/2 connections." },
  terrarium_gc_seconds_total: {
    type: "counter",
    help: "Time in garbage collection, by kind, since metrics were first asked for.",
  },
  terrarium_gc_total: {
    type: "counter",
    help: "Garbage collections, by kind, since metrics were first asked for.",
  },
  terrarium_process_cpu_seconds_total: { type: "counter", help: "CPU time of the edges, all threads." },
  terrarium_process_resident_bytes: { type: "gauge", help: "Resident memory of the edges." },
} as const satisfies Record<string, Family>;

/** Values by series, written as in Prometheus: `name` or `name{label="value"}`. */
export type Series = Readonly<Record<string, number>>;
