// What the edge costs beside bare `node:http`: CPU time per request of the serving process, threads and
// garbage collection included. `node bin/node26.mjs bench/edge.ts [requests] [rounds]`; bar of
// docs/SPECIFICATION.md: the whole pipeline at least 0.7 times as many requests per CPU second as
// `node:http`, which runs without our flags of V8. Rounds of all servers take turns; medians. Further
// arguments go to the servers: `--cpu-prof`.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { edgeV8Flags } from "../src/engine/v8-flags.ts";
import { type LoadResult, runLoad } from "./load/load.ts";
import { loadText, median, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";
import { BENCH_HOST, type Served } from "./load/served.ts";

const [requests = 20_000, rounds = 7] = process.argv.slice(2, 4).map(Number);
const CONNECTIONS = 32;
const SERVED: readonly Served[] = [
  "node:http",
  "edge, no program",
  "edge, WAT hello",
  "edge, WAT hello with a recursion",
];

interface Contender {
  readonly name: Served;
  readonly child: ChildProcess;
  readonly port: number;
  readonly cpuUs: number[];
  readonly perSecond: number[];
}

async function start(name: Served): Promise<Contender> {
  const child = fork(join(import.meta.dirname, "load/served.ts"), [name], {
    execArgv: [...(name === "node:http" ? [] : edgeV8Flags()), ...process.argv.slice(4)],
  });
  const [port] = (await once(child, "message")) as [number];
  return { name, child, port, cpuUs: [], perSecond: [] };
}

async function cpuUs(child: ChildProcess): Promise<number> {
  child.send("cpu");
  const [{ user, system }] = (await once(child, "message")) as [NodeJS.CpuUsage];
  return user + system;
}

async function send(port: number): Promise<LoadResult> {
  const target = { port, host: BENCH_HOST, path: "/", connections: CONNECTIONS };
  const result = await runLoad({ ...target, perSecond: null, until: { answers: requests }, awake: true });
  if (result.failures > 0) throw new Error(`${result.failures} answers were not 200`);
  return result;
}

async function measure({ child, port, cpuUs: used, perSecond }: Contender): Promise<void> {
  const before = await cpuUs(child);
  perSecond.push((await send(port)).perSecond);
  used.push(((await cpuUs(child)) - before) / requests);
}

const contenders = await Promise.all(SERVED.map(start));
for (const { port } of contenders) await send(port);
for (let round = 0; round < rounds; round += 1) for (const contender of contenders) await measure(contender);
const bareUs = median(contenders[0]?.cpuUs ?? []);
const rows = contenders.map(({ name, cpuUs: used, perSecond }): Row => ({
  what: `${name}: requests per CPU second, of node:http`,
  value: bareUs / median(used),
  unit: "×",
  note:
    `${median(used).toFixed(1)} µs CPU a request, ` +
    `${Math.round(median(perSecond))} requests a second with a client beside it`,
  ...(name === "edge, WAT hello" ? { bar: "edgeCpu" } : {}),
}));
publish({
  name: "edge",
  title: "The whole pipeline beside bare node:http",
  command: "npm run bench -- edge",
  method:
    `CPU time of the serving process over ${requests} requests on ${CONNECTIONS} ` +
    `connections of a client that never sleeps, ${rounds} rounds in turns, medians. A guest ` +
    `that could recurse has a stack of its own, others run on the thread's. ${loadText()}`,
  rows,
});
for (const { child } of contenders) child.disconnect();
