// GET /metrics: the figures of all edges for Prometheus.
import { MetricsLedger, prometheusText } from "../../metrics/ledger.ts";
import { defineOperation, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** The operation; figures are gathered when it is called, and only then. */
export function metricsOperation(platform: Platform): Operation {
  const ledger = new MetricsLedger();
  return defineOperation({
    method: "get",
    path: "/metrics",
    id: "metrics",
    summary: "Figures of all edges in the text format of Prometheus",
    access: "operator",
    answers: { 200: { description: "The figures", contentTypes: [CONTENT_TYPE] } },
    handle: async () => {
      const text = prometheusText(ledger.sum(await platform.series()));
      return new Response(text, { headers: { "content-type": CONTENT_TYPE, "cache-control": "no-store" } });
    },
  });
}
