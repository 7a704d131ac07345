// The metrics of one edge as series, created on request.
import type { GarbageWatch } from "./garbage.ts";
import type { RunAccounts } from "./run-accounts.ts";
import { RUN_SECONDS, type Series } from "./series.ts";

const RUN_TIME = "terrarium_run_duration_seconds";

/** Metrics of the engine. */
export interface ProgramStats {
  readonly compiled: number;
  readonly compiles: number;
  readonly compileMs: number;
  readonly waiting: number;
  readonly pooledMemories: number;
  readonly pooledBytes: number;
}

/** Numbers of one edge. */
export interface EdgeStats {
  readonly requests: number;
  /** Finished requests by the first digit of their status; 0 if none was sent. */
  readonly responses: readonly number[];
  readonly inFlight: number;
  readonly deployments: number;
  readonly faults: number;
  readonly http2Sessions: number;
  readonly unsentBytes: number;
  readonly heldBytes: number;
  readonly programs: ProgramStats;
}

/** Where the figures come from. */
export interface SeriesSources {
  readonly stats: EdgeStats;
  readonly accounts: RunAccounts;
  readonly garbage: GarbageWatch;
}

export function edgeSeries({ stats, accounts, garbage }: SeriesSources): Series {
  const { user, system } = process.cpuUsage();
  const { programs } = stats;
  return {
    terrarium_edges: 1,
    terrarium_requests_total: stats.requests,
    ...Object.fromEntries(
      stats.responses.map((count, index) => [
        `terrarium_responses_total{class="${index === 0 ? "none" : `${index}xx`}"}`,
        count,
      ]),
    ),
    terrarium_requests_in_flight: stats.inFlight,
    ...runTime(accounts),
    terrarium_run_cpu_seconds_total: accounts.cpuMs / 1000,
    ...Object.fromEntries(
      [...accounts.faults].map(([code, count]) => [`terrarium_faults_total{code="${code}"}`, count]),
    ),
    terrarium_offences_total: accounts.offences,
    terrarium_deployments_loaded: stats.deployments,
    terrarium_programs_compiled: programs.compiled,
    terrarium_compiles_total: programs.compiles,
    terrarium_compile_seconds_total: programs.compileMs / 1000,
    terrarium_runs_waiting: programs.waiting,
    terrarium_pooled_memories: programs.pooledMemories,
    terrarium_pooled_bytes: programs.pooledBytes,
    terrarium_http2_sessions: stats.http2Sessions,
    terrarium_unsent_bytes: stats.unsentBytes,
    terrarium_held_bytes: stats.heldBytes,
    ...collections(garbage),
    terrarium_process_cpu_seconds_total: (user + system) / 1e6,
    terrarium_process_resident_bytes: process.memoryUsage.rss(),
  };
}

/** Buckets are cumulative, as Prometheus expects. */
function runTime({ buckets, wallMs }: RunAccounts): Record<string, number> {
  const series: Record<string, number> = {};
  let runs = 0;
  for (const [index, count] of buckets.entries()) {
    runs += count;
    series[`${RUN_TIME}_bucket{le="${RUN_SECONDS[index] ?? "+Inf"}"}`] = runs;
  }
  return { ...series, [`${RUN_TIME}_sum`]: wallMs / 1000, [`${RUN_TIME}_count`]: runs };
}

function collections(garbage: GarbageWatch): Record<string, number> {
  const series: Record<string, number> = {};
  for (const [kind, { count, ms }] of garbage.read()) {
    series[`terrarium_gc_total{kind="${kind}"}`] = count;
    series[`terrarium_gc_seconds_total{kind="${kind}"}`] = ms / 1000;
  }
  return series;
}
