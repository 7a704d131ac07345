// What 1,000 requests that wait for a slow upstream cost another deployment's requests: its p99 while they
// wait, over idle, in turns of the same run. Apart from that the first seconds after they came, in which V8
// moves what they hold (22 KB each, most of it Node's sockets and requests) out of its young generation, in
// two collections of some 30 ms. `npm run bench -- waiting [seconds] [rounds]`; bar of docs/SPECIFICATION.md:
// at most 1.5.
import { join } from "node:path";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { proxying, writeProject } from "../tests/e2e/programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "../tests/e2e/slow-origin.ts";
import { openClient } from "../tests/e2e/traffic.ts";
import { type Latency, measureLatency } from "./load/latency.ts";
import { PINNED, pinServer } from "./load/processes.ts";
import { processCpuMs } from "../src/processes/cpu-time.ts";
import { loadText, median } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const [seconds = 5, rounds = 5] = process.argv.slice(2).map(Number);
const WAITING = 1000;
const CONNECTIONS = 8;
/** A third of what our slowest machine serves, so that latency is not queueing. */
const REQUESTS_PER_SECOND = 1000;

using folder = temporaryFolder();
const origin = await SlowOrigin.start();
await using platform = await Platform.start(join(folder.path, "data"), [
  "--edges",
  "1",
  "--log-level",
  "silent",
  "--resolve",
  origin.resolveRule,
  "--limit",
  "wallMs=120000",
]);
const { id: waitingId } = await platform.deploy(
  writeProject(join(folder.path, "waiting"), proxying(SLOW_ORIGIN)),
  ["--ttl", "never"],
);
const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), ["--ttl", "never"]);
const { edges } = await platform.api<{ edges: { pid: number }[] }>("/api/v1/server");
pinServer(edges[0]?.pid);
const port = platform.ready.httpPort;

/** With the edge's CPU time for one request: on a machine that is busy otherwise, p99 says who else ran. */
async function others(): Promise<Latency & { readonly cpuUs: number }> {
  const pid = edges[0]?.pid ?? 0;
  const beforeMs = processCpuMs(pid) ?? Number.NaN;
  const measured = await measureLatency({
    port,
    host: `${id}.localhost:${port}`,
    connections: CONNECTIONS,
    seconds,
    perSecond: REQUESTS_PER_SECOND,
  });
  return { ...measured, cpuUs: (((processCpuMs(pid) ?? Number.NaN) - beforeMs) * 1000) / measured.answers };
}

const client = openClient(platform, waitingId, "HTTP/1.1", WAITING);
const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(", ");
const ratios = { p99: [] as number[], cpu: [] as number[], arrivingP99: [] as number[] };
await others();
for (let round = 0; round < rounds; round++) {
  const idle = await others();
  const answers = Array.from({ length: WAITING }, () => client.send({ method: "GET", path: "/", body: "" }));
  await origin.holds(WAITING);
  const arriving = await others();
  const busy = await others();
  origin.release();
  const failed = (await Promise.all(answers)).filter(({ status }) => status !== 200).length;
  ratios.p99.push(busy.p99Ms / idle.p99Ms);
  ratios.arrivingP99.push(arriving.p99Ms / idle.p99Ms);
  ratios.cpu.push(busy.cpuUs / idle.cpuUs);
  console.log(
    `p99 idle ${idle.p99Ms.toFixed(2)} ms, just after ${WAITING} came ` +
      `${arriving.p99Ms.toFixed(2)} ms, while they wait ${busy.p99Ms.toFixed(2)} ms; p50 ` +
      `${idle.p50Ms.toFixed(2)}, ${busy.p50Ms.toFixed(2)} ms; CPU ` +
      `${idle.cpuUs.toFixed(0)}, ${busy.cpuUs.toFixed(0)} µs a request; ` +
      `failures ${failed + idle.failures + arriving.failures + busy.failures}`,
  );
}
client.close();
origin.close();
publish({
  name: "waiting",
  title: "What waiting requests cost others",
  command: "npm run bench -- waiting",
  method:
    `${REQUESTS_PER_SECOND} requests a second of another deployment on the same ` +
    `edge, ${seconds} s without others, ${seconds} s just after ${WAITING} requests ` +
    `began to wait for an upstream, and ${seconds} s more, ${rounds} rounds, ` +
    `median of the ratios; ${PINNED}. ${loadText()}`,
  rows: [
    {
      what: `p99 of others while ${WAITING} requests wait, of idle`,
      value: median(ratios.p99),
      unit: "×",
      bar: "waiting",
      note: shown(ratios.p99),
    },
    {
      what: `p99 of others in the ${seconds} s after ${WAITING} requests came, of idle`,
      value: median(ratios.arrivingP99),
      unit: "×",
      note: shown(ratios.arrivingP99),
    },
    {
      what: "CPU time of the edge for a request of others, of idle",
      value: median(ratios.cpu),
      unit: "×",
      note: shown(ratios.cpu),
    },
  ],
});
