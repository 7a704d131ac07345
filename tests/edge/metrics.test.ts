// What an edge tells about itself: figures for Prometheus, and what a run took.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAMILIES } from "../../src/edge/accounts/series.ts";
import { TerrariumError } from "../../src/errors/index.ts";
import { ask, echo, respond, startTestEdge, type Program, type TestEdge } from "./edge-fixture.ts";
import { askSocket } from "./control-fixture.ts";

const usage = { wallMs: 3, cpuMs: 1.5 };
const measured: Program = () => ({ ...respond(200, "measured"), usage });
const faulty: Program = () => ({
  kind: "fault",
  error: new TerrariumError("TER_GUEST_TRAP", { trap: "division by zero" }),
  location: null,
  usage,
});

let test: TestEdge;
beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("measured", measured);
  await test.deploy("faulty", faulty);
  await test.deploy("echo", echo);
});
afterAll(() => test[Symbol.asyncDispose]());

describe("the figures of an edge", () => {
  it("grow with requests, runs and faults", async () => {
    const before = test.edge.series();
    await ask(test, "measured");
    await ask(test, "faulty");
    await ask(test, "nobody");
    const after = test.edge.series();
    const grown = Object.entries(after)
      .map(([key, value]) => [key, value - (before[key] ?? 0)] as const)
      .filter(([key, by]) => by !== 0 && !/process|gc_/.test(key));
    expect(Object.fromEntries(grown)).toMatchObject({
      terrarium_requests_total: 3,
      'terrarium_responses_total{class="2xx"}': 1,
      'terrarium_responses_total{class="4xx"}': 1,
      'terrarium_responses_total{class="5xx"}': 1,
      'terrarium_run_duration_seconds_bucket{le="0.005"}': 2,
      'terrarium_run_duration_seconds_bucket{le="+Inf"}': 2,
      terrarium_run_duration_seconds_count: 2,
      terrarium_run_duration_seconds_sum: 0.006,
      terrarium_run_cpu_seconds_total: 0.003,
      'terrarium_faults_total{code="TER_GUEST_TRAP"}': 1,
      terrarium_deployments_loaded: 2,
    });
    expect(grown.map(([key]) => key)).not.toContain('terrarium_run_duration_seconds_bucket{le="0.0025"}');
  });

  it("all have a description, in the reference too", () => {
    const reference = readFileSync(join(import.meta.dirname, "../../docs/reference/metrics.md"), "utf8");
    const described = [...reference.matchAll(/^\| `(\w+)(?:\{\w+\})?` \| (\w+)/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    expect(described.sort()).toEqual(
      Object.entries(FAMILIES)
        .map(([name, { type }]) => `${name} ${type}`)
        .sort(),
    );
    const families = Object.keys(test.edge.series()).map((key) =>
      key.replace(/\{.*/, "").replace(/_(bucket|sum|count)$/, ""),
    );
    expect(Object.keys(FAMILIES)).toEqual(expect.arrayContaining([...new Set(families)]));
  });
});

describe("Server-Timing", () => {
  it("is for who asks for it", async () => {
    const headers = { "x-terrarium-timing": "1" };
    expect((await ask(test, "measured", "/", { headers })).headers["server-timing"]).toBe(
      "run;dur=3.000, cpu;dur=1.500",
    );
    expect((await ask(test, "measured")).headers["server-timing"]).toBeUndefined();
    expect((await ask(test, "echo", "/", { headers })).text).not.toContain("x-terrarium-timing");
  });

  it("is there for a fault as well", async () => {
    const { status, headers } = await ask(test, "faulty", "/", { headers: { "x-terrarium-timing": "1" } });
    expect([status, headers["server-timing"]]).toEqual([500, "run;dur=3.000, cpu;dur=1.500"]);
  });

  it("is for nobody who is on another machine", async () => {
    const answer = await askSocket(test.peerSocket, {
      method: "GET",
      target: "/",
      authority: "measured.terrarium.test",
      headers: ["x-terrarium-timing", "1"],
      bodyBytes: 0,
      client: { clientAddress: "192.0.2.7", isLocal: false, scheme: "http", depth: 0, callsLeft: null },
    });
    expect([answer?.head.status, answer?.head.headers.includes("server-timing")]).toEqual([200, false]);
  });
});
