// Rate and latency of the platform's hello (the template empty-wat, one edge) beside bare `node:http`, in turns of the same run.
// `node bin/node26.mjs bench/http.ts [seconds] [rounds]`; bar of docs/SPECIFICATION.md: at least 0.7 × node:http on one core. Server and client
// are pinned to a core each where `taskset` is there.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { join } from "node:path";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { cpuMs, type Measured, measure, pin, PINS } from "./http-client.ts";

const [seconds = 5, rounds = 3] = process.argv.slice(2).map(Number);
const CONNECTIONS = 32;

using data = temporaryFolder();
await using platform = await Platform.start(data.path, ["--edges", "1", "--log-level", "silent"]);
const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), ["--ttl", "never"]);
const { edges } = await platform.api<{ edges: { pid: number }[] }>("/api/v1/server");
const bare = await startBare();
if (PINS !== null) for (const pid of [edges[0]?.pid, bare.process.pid]) if (pid !== undefined) pin(pid, PINS.server);

interface Turn extends Measured {
  /** CPU time of the server for one request, all its threads together: says more than the rate on a machine that is busy otherwise. */
  readonly cpuUs: number;
}
const terrarium = { name: "Terrarium", pid: edges[0]?.pid ?? 0, port: platform.ready.httpPort, host: `${id}.localhost:${platform.ready.httpPort}`, turns: [] as Turn[] };
const nodeHttp = { name: "node:http", pid: bare.process.pid ?? 0, port: bare.port, host: "localhost", turns: [] as Turn[] };
for (let round = 0; round < rounds; round++) {
  for (const { pid, port, host, turns } of [nodeHttp, terrarium]) {
    const beforeMs = cpuMs(pid);
    const turn = await measure({ port, host, connections: CONNECTIONS, seconds, rate: 0 });
    turns.push({ ...turn, cpuUs: ((cpuMs(pid) - beforeMs) * 1000) / turn.answers });
  }
}
bare.process.kill();

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
for (const { name, turns } of [nodeHttp, terrarium]) {
  const middle = (pick: (turn: Turn) => number, digits: number) => median(turns.map(pick)).toFixed(digits);
  const failures = turns.reduce((sum, turn) => sum + turn.failures, 0);
  console.log(`${name}: ${middle((turn) => turn.requestsPerSecond, 0)} requests/s, p50 ${middle((turn) => turn.p50Ms, 2)} ms, p99 ${middle((turn) => turn.p99Ms, 2)} ms, CPU ${middle((turn) => turn.cpuUs, 1)} µs a request, ${failures} failures`);
}
const ratios = (over: (bareTurn: Turn, ours: Turn) => number) => nodeHttp.turns.map((turn, round) => over(turn, terrarium.turns[round] ?? turn));
const report = (what: string, values: readonly number[]) => console.log(`Terrarium / node:http, ${what}: ${values.map((value) => value.toFixed(2)).join(", ")}; median ${median(values).toFixed(2)}`);
report("rate", ratios((bareTurn, ours) => ours.requestsPerSecond / bareTurn.requestsPerSecond));
report("requests by CPU time", ratios((bareTurn, ours) => bareTurn.cpuUs / ours.cpuUs));
console.log(`load average ${loadavg().map((load) => load.toFixed(1)).join(" ")}${PINS === null ? "; not pinned" : ""}`);

async function startBare(): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "bare-server.ts")], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("no output to read the port from");
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, port: Number(text.toString()) };
}
