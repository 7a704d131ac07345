// Latency of one deployment's requests at a fixed rate, for benchmarks of what others do to it.
import { quantile } from "../report/figure.ts";
import { loadOnce } from "./processes.ts";

/** Latencies of the requests. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answers: number;
  /** Answers other than 200. */
  readonly failures: number;
}

/** Sends requests at a fixed rate from a client process of its own. */
export async function measureLatency(load: {
  readonly port: number;
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
  readonly perSecond: number;
}): Promise<Latency> {
  const { latenciesMs, answers, failures } = await loadOnce({
    ...load,
    path: "/",
    until: { seconds: load.seconds },
  });
  const [p50Ms, p99Ms] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)];
  return { p50Ms, p99Ms, answers, failures };
}
