// What a deployment that never returns costs its neighbours: p99 of another deployment's requests while the
// attacker is in quarantine, over that with nobody attacking, in turns of one run; and the offences until
// quarantine. `node bin/node26.mjs bench/neighbours.ts [seconds] [rounds]`; bars of docs/SPECIFICATION.md: at
// most 2 × once it is quarantined, within 3 offences.
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { SPINNING, writeProject } from "../tests/e2e/programs.ts";
import { median } from "./report/figure.ts";
import { publish } from "./report/publish.ts";
import { type Latency, measureLatency } from "./load/latency.ts";
import { PINNED, pinServer } from "./load/processes.ts";

const [seconds = 4, rounds = 5] = process.argv.slice(2).map(Number);
const CONNECTIONS = 8;
/** A third of what our slowest machine serves, so that latency is not queueing. */
const REQUESTS_PER_SECOND = 1000;
/** Requests of the attacker under way at once. */
const ATTACKERS = 4;
const CPU_LIMIT_MS = 100;

interface Server {
  readonly edges: readonly { readonly name: string; readonly pid: number; readonly listening: boolean }[];
}

using folder = temporaryFolder();
await using platform = await Platform.start(join(folder.path, "data"), [
  "--edges",
  "1",
  "--log-level",
  "silent",
  "--limit",
  `cpuMs=${CPU_LIMIT_MS}`,
]);
const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), ["--ttl", "never"]);
const port = platform.ready.httpPort;
const neighbour = (): Promise<Latency> =>
  measureLatency({
    port,
    host: `${id}.localhost:${port}`,
    connections: CONNECTIONS,
    seconds,
    perSecond: REQUESTS_PER_SECOND,
  });

/** Keeps every process of the platform on the server's core: the client has the other. */
async function pinEdges(): Promise<void> {
  const { edges } = await platform.api<Server>("/api/v1/server");
  for (const { pid } of edges) pinServer(pid);
}

async function isQuarantined(attacker: string): Promise<boolean> {
  const { deployment } = await platform.api<{ deployment: { quarantine: object | null } }>(
    `/api/v1/deployments/${attacker}`,
  );
  return deployment.quarantine !== null;
}

/**
 * A new attacker: how many requests it took until it was quarantined, and what the first two did to its
 * neighbours.
 */
async function attackUntilQuarantine(
  name: string,
): Promise<{ readonly attacker: string; readonly offences: number; readonly before: Latency }> {
  const { id: attacker } = await platform.deploy(writeProject(join(folder.path, name), SPINNING), [
    "--ttl",
    "never",
  ]);
  const [before] = await Promise.all([
    neighbour(),
    platform.ask(attacker, "/").then(() => platform.ask(attacker, "/")),
  ]);
  for (let offences = 3; ; offences++) {
    await platform.ask(attacker, "/");
    if (!(await isQuarantined(attacker))) continue;
    while (!(await platform.api<Server>("/api/v1/server")).edges.every(({ listening }) => listening))
      await setTimeout(50);
    return { attacker, offences, before };
  }
}

/** Attacks for as long as the work takes. */
async function attacked<Result>(attacker: string, work: () => Promise<Result>): Promise<Result> {
  const attack = { over: false };
  const attackers = Array.from({ length: ATTACKERS }, async () => {
    while (!attack.over) await platform.ask(attacker, "/");
  });
  const result = await work();
  attack.over = true;
  await Promise.all(attackers);
  return result;
}

const offences: number[] = [];
const ratios: number[] = [];
const befores: number[] = [];
for (let round = 0; round < rounds; round++) {
  const quarantine = await attackUntilQuarantine(`attacker-${round}`);
  offences.push(quarantine.offences);
  await pinEdges();
  const idle = await neighbour();
  const busy = await attacked(quarantine.attacker, neighbour);
  befores.push(quarantine.before.p99Ms / idle.p99Ms);
  ratios.push(busy.p99Ms / idle.p99Ms);
  process.stdout.write(
    `p99 idle ${idle.p99Ms.toFixed(2)} ms, with two attacks before quarantine ` +
      `${quarantine.before.p99Ms.toFixed(2)}, attacked from quarantine ` +
      `${busy.p99Ms.toFixed(2)} ms; p50 ${idle.p50Ms.toFixed(2)}, ` +
      `${busy.p50Ms.toFixed(2)} ms; failures ${idle.failures + busy.failures}\n`,
  );
  await platform.ask("", `/api/v1/deployments/${quarantine.attacker}`, { method: "DELETE" });
}
publish({
  name: "neighbours",
  title: "Neighbours of a deployment that never returns",
  command: "npm run bench -- neighbours",
  method:
    `${REQUESTS_PER_SECOND} requests a second at fixed moments for ${seconds} s to a deployment ` +
    `that says hello, latency counted from those moments; ${ATTACKERS} requests at a time to one ` +
    `that runs into its CPU limit of ${CPU_LIMIT_MS} ms; ${rounds} rounds in turns, medians.`,
  rows: [
    {
      what: "offences until quarantine",
      value: Math.max(...offences),
      unit: "",
      bar: "offences",
    },
    { what: "p99 of neighbours, two attacks before quarantine over idle", value: median(befores), unit: "×" },
    {
      what: "p99 of neighbours, attacker in quarantine over idle",
      value: median(ratios),
      unit: "×",
      bar: "neighbours",
      note: `load average ${loadavg()[0]?.toFixed(1)}; ${PINNED}`,
    },
  ],
});
