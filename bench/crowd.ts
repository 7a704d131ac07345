// How many requests one edge holds while an upstream does not answer: 9,900 at once, near its ceiling of
// 10,000. What each costs in memory, whether all are answered in the end, and what another deployment's
// requests feel meanwhile. `npm run bench -- crowd [seconds]`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { proxying, writeProject } from "../tests/e2e/programs.ts";
import { SLOW_ORIGIN, SlowOrigin } from "../tests/e2e/slow-origin.ts";
import { openClient } from "../tests/e2e/traffic.ts";
import { type Latency, measureLatency } from "./load/latency.ts";
import { BARS } from "./bars.ts";
import { loadText } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const [seconds = 5] = process.argv.slice(2).map(Number);
const CROWD = BARS.crowd.value;
/** Streams share connections, so that the edge's file descriptors suffice for its own to the upstream. */
const SESSIONS = 100;

using folder = temporaryFolder();
const origin = await SlowOrigin.start();
const limits = ["wallMs=120000", "requestsInFlight=10000"].flatMap((limit) => ["--limit", limit]);
await using platform = await Platform.start(join(folder.path, "data"), [
  "--edges",
  "1",
  "--log-level",
  "silent",
  "--resolve",
  origin.resolveRule,
  ...limits,
]);
const { id: waitingId } = await platform.deploy(
  writeProject(join(folder.path, "waiting"), proxying(SLOW_ORIGIN)),
  ["--ttl", "never"],
);
const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), ["--ttl", "never"]);
const { edges } = await platform.api<{ edges: { pid: number }[] }>("/api/v1/server");
const port = platform.ready.httpPort;

const others = (): Promise<Latency> =>
  measureLatency({ port, host: `${id}.localhost:${port}`, connections: 8, seconds, perSecond: 500 });

/** Memory of the edge in KiB. */
function residentKib(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${edges[0]?.pid}/status`, "utf8"))?.[1]);
}

await others();
const idle = await others();
const beforeKib = residentKib();
const client = openClient(platform, waitingId, "HTTP/2", SESSIONS);
const answers = Array.from({ length: CROWD }, () => client.send({ method: "GET", path: "/", body: "" }));
await origin.holds(CROWD);
const heldKib = residentKib();
const busy = await others();
origin.release();
const answered = (await Promise.all(answers)).filter(({ status }) => status === 200).length;
client.close();
origin.close();
publish({
  name: "crowd",
  title: `${CROWD.toLocaleString("en")} waiting requests`,
  command: "npm run bench -- crowd",
  method:
    `${CROWD.toLocaleString("en")} requests over ${SESSIONS} HTTP/2 ` +
    `connections wait for an upstream on one edge, while 500 requests a second ` +
    `of another deployment are served for ${seconds} s. ${loadText()}`,
  rows: [
    {
      what: `answered 200 once the upstream answers, of ${CROWD}`,
      value: answered,
      unit: "",
      bar: "crowd",
    },
    {
      what: "memory of the edge for each",
      value: (heldKib - beforeKib) / CROWD,
      unit: "KiB",
      note: `${Math.round(heldKib / 1024)} MiB in all`,
    },
    {
      what: "p50 of others meanwhile",
      value: busy.p50Ms,
      unit: "ms",
      note: `idle ${idle.p50Ms.toFixed(2)} ms`,
    },
    {
      what: "p99 of others meanwhile",
      value: busy.p99Ms,
      unit: "ms",
      note: `idle ${idle.p99Ms.toFixed(2)} ms; ${busy.failures + idle.failures} failures`,
    },
  ],
});
