// GET /metrics: the metrics of all edges, for Prometheus.
import { METRICS_TYPE, SHOW_METRICS } from "../../../api/index.ts";
import { MetricsLedger, prometheusText } from "../../metrics/ledger.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";

/** The operation; metrics are collected only when it is called. */
export function metricsOperation(platform: Platform): Operation {
  const ledger = new MetricsLedger();
  return implement(SHOW_METRICS, async () => {
    const text = prometheusText(ledger.sum(await platform.series()));
    return new Response(text, { headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" } });
  });
}
