import { describe, expect, it } from "vitest";
import { MetricsLedger, prometheusText } from "./ledger.ts";

const edge = (requests: number, inFlight: number) => ({
  terrarium_requests_total: requests,
  terrarium_requests_in_flight: inFlight,
});

describe("the ledger of metrics", () => {
  it("sums counters and gauges over the edges", () => {
    const sums = new MetricsLedger().sum({
      living: new Map([
        ["edge-1", edge(3, 1)],
        ["edge-2", edge(4, 2)],
      ]),
      ended: [],
    });
    expect(Object.fromEntries(sums)).toEqual(edge(7, 3));
  });

  it("keeps the counters of an edge that ended, and drops its gauges", () => {
    const ledger = new MetricsLedger();
    ledger.sum({
      living: new Map([
        ["edge-1", edge(3, 1)],
        ["edge-2", edge(4, 2)],
      ]),
      ended: [],
    });
    expect(
      Object.fromEntries(
        ledger.sum({
          living: new Map([
            ["edge-2", edge(5, 2)],
            ["edge-3", edge(1, 0)],
          ]),
          ended: [],
        }),
      ),
    ).toEqual(edge(9, 2));
    expect(
      ledger
        .sum({
          living: new Map([
            ["edge-2", edge(5, 2)],
            ["edge-3", edge(1, 0)],
          ]),
          ended: [],
        })
        .get("terrarium_requests_total"),
    ).toBe(9);
  });

  it("counts what an edge did between the last scrape and its end", () => {
    const ledger = new MetricsLedger();
    ledger.sum({ living: new Map([["edge-1", edge(3, 1)]]), ended: [] });
    expect(Object.fromEntries(ledger.sum({ living: new Map(), ended: [["edge-1", edge(5, 0)]] }))).toEqual({
      terrarium_requests_total: 5,
    });
  });

  it("uses the last figures of an edge that is too busy to answer", () => {
    const ledger = new MetricsLedger();
    ledger.sum({ living: new Map([["edge-1", edge(3, 1)]]), ended: [] });
    expect(Object.fromEntries(ledger.sum({ living: new Map([["edge-1", {}]]), ended: [] }))).toEqual(
      edge(3, 1),
    );
  });

  it("writes each family once, with help and type before its series", () => {
    const text = prometheusText(
      new Map([
        ['terrarium_run_duration_seconds_bucket{le="+Inf"}', 2],
        ['terrarium_faults_total{code="TER_GUEST_TRAP"}', 1],
        ["terrarium_run_duration_seconds_count", 2],
        ["made_up_by_an_edge", 1],
      ]),
    );
    expect(text.split("\n")).toEqual([
      expect.stringMatching(/^# HELP terrarium_run_duration_seconds /),
      "# TYPE terrarium_run_duration_seconds histogram",
      'terrarium_run_duration_seconds_bucket{le="+Inf"} 2',
      "terrarium_run_duration_seconds_count 2",
      expect.stringMatching(/^# HELP terrarium_faults_total /),
      "# TYPE terrarium_faults_total counter",
      'terrarium_faults_total{code="TER_GUEST_TRAP"} 1',
      "",
    ]);
  });
});
