// Rate and latency of the platform's hello (the template empty-wat, one edge) beside bare `node:http`, in
// turns of the same run. `npm run bench -- http [seconds] [rounds]`; bar of docs/SPECIFICATION.md: at least
// 0.7 × node:http on one core. Server and client are pinned to a core each where `taskset` is there.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { processCpuMs } from "../src/processes/cpu-time.ts";
import type { LoadResult } from "./load/load.ts";
import { loadOnce, PINNED, pinServer } from "./load/processes.ts";
import { loadText, median, quantile, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const [seconds = 5, rounds = 5] = process.argv.slice(2).map(Number);
const CONNECTIONS = 32;

using data = temporaryFolder();
await using platform = await Platform.start(data.path, ["--edges", "1", "--log-level", "silent"]);
const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), ["--ttl", "never"]);
const { edges } = await platform.api<{ edges: { pid: number }[] }>("/api/v1/server");
const bare = await startBare();
for (const pid of [edges[0]?.pid, bare.process.pid]) pinServer(pid);

interface Turn extends LoadResult {
  /**
   * CPU time of the server for one request, all its threads together: says more than the rate on a machine
   * that is busy otherwise.
   */
  readonly cpuUs: number;
}
const terrarium = {
  name: "Terrarium",
  pid: edges[0]?.pid ?? 0,
  port: platform.ready.httpPort,
  host: `${id}.localhost:${platform.ready.httpPort}`,
  turns: [] as Turn[],
};
const nodeHttp = {
  name: "node:http",
  pid: bare.process.pid ?? 0,
  port: bare.port,
  host: "localhost",
  turns: [] as Turn[],
};
for (let round = 0; round < rounds; round++) {
  for (const { pid, port, host, turns } of [nodeHttp, terrarium]) {
    const beforeMs = processCpuMs(pid) ?? Number.NaN;
    const turn = await loadOnce({
      port,
      host,
      path: "/",
      connections: CONNECTIONS,
      perSecond: null,
      until: { seconds },
      awake: true,
    });
    turns.push({ ...turn, cpuUs: (((processCpuMs(pid) ?? Number.NaN) - beforeMs) * 1000) / turn.answers });
  }
}
bare.process.kill();

const rows = [nodeHttp, terrarium].flatMap(({ name, turns }): Row[] => {
  const middle = (pick: (turn: Turn) => number, digits: number): string =>
    median(turns.map(pick)).toFixed(digits);
  const latency = (share: number): string => middle((turn) => quantile(turn.latenciesMs, share), 2);
  const failures = turns.reduce((sum, turn) => sum + turn.failures, 0);
  const note =
    `p50 ${latency(0.5)} ms, p99 ${latency(0.99)} ms, ` +
    `CPU ${middle((turn) => turn.cpuUs, 1)} µs a request, ${failures} failures`;
  return [{ what: name, value: median(turns.map((turn) => turn.perSecond)), unit: "requests/s", note }];
});
const ratio = (over: (bareTurn: Turn, ours: Turn) => number): number =>
  median(nodeHttp.turns.map((turn, round) => over(turn, terrarium.turns[round] ?? turn)));
publish({
  name: "http",
  title: "The platform's hello beside bare node:http",
  command: "npm run bench -- http",
  method:
    `${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s in turns, medians of the ratios; ` +
    `${PINNED}. ${loadText()}`,
  rows: [
    {
      what: "Platform: requests a second, of node:http",
      value: ratio((bareTurn, ours) => ours.perSecond / bareTurn.perSecond),
      unit: "×",
      bar: "platform",
    },
    {
      what: "Platform: requests per CPU second, of node:http",
      value: ratio((bareTurn, ours) => bareTurn.cpuUs / ours.cpuUs),
      unit: "×",
      bar: "platformCpu",
    },
    ...rows,
  ],
});

async function startBare(): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "bare-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output to read the port from");
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, port: Number(text.toString()) };
}
