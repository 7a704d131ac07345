// How soon a process that was killed or frozen is back, under a steady load: an edge of two, the only edge,
// the supervisor. `npm run bench -- recovery [rounds]`; bars of docs/SPECIFICATION.md: an edge within 0.2 s,
// a supervisor within 0.5 s, either within 3 s if it was frozen, and nobody else fails. Then how soon SIGTERM
// ends the platform.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import type { HttpAnswer } from "../tests/http/ask.ts";
import { SteadyRequests } from "./load/steady-requests.ts";
import type { BarName } from "./bars.ts";
import { endings } from "./trials/ending.ts";
import { median, type Row, loadText } from "./report/figure.ts";
import { publish } from "./report/publish.ts";
import { isProcessAlive } from "../src/processes/alive.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const PER_SECOND = 500;
const CONNECTIONS = 16;
/** Processes that die sooner than this are not restarted at once, so each victim lives longer. */
const SETTLED_MS = 10_500;
const LOOK_EVERY_MS = 5;

interface Server {
  readonly edges: readonly { readonly pid: number; readonly listening: boolean }[];
}

/** One killing: until it is back, and what others felt until shortly after. */
interface Killing {
  readonly backMs: number;
  readonly failed: number;
}

using folder = temporaryFolder();

/** Asks until the answer is as wanted, and says how long that took. */
async function until(ask: () => Promise<boolean>): Promise<number> {
  const beganMs = performance.now();
  while (!(await ask().catch(() => false))) await setTimeout(LOOK_EVERY_MS);
  return performance.now() - beganMs;
}

function isWell({ status }: HttpAnswer): boolean {
  return status === 200;
}

async function kill(
  load: SteadyRequests,
  pid: number,
  back: () => Promise<boolean>,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<Killing> {
  await setTimeout(SETTLED_MS);
  process.kill(pid, signal);
  load.killed();
  const goneMs = await until(() => Promise.resolve(!isProcessAlive(pid)));
  const backMs = goneMs + (await until(back));
  await setTimeout(1000);
  return { backMs, failed: load.seen().failed };
}

/** Runs the rounds on a platform of its own with that many edges. */
async function onPlatform(
  edges: number,
  round: (platform: Platform, load: SteadyRequests, id: string) => Promise<void>,
): Promise<void> {
  await using platform = await Platform.start(join(folder.path, `edges-${edges}`), [
    "--edges",
    String(edges),
    "--log-level",
    "silent",
  ]);
  const { id } = await platform.deploy(join(import.meta.dirname, "../templates/empty-wat"), [
    "--ttl",
    "never",
  ]);
  const port = platform.ready.httpPort;
  const load = new SteadyRequests({
    port,
    host: `${id}.localhost:${port}`,
    perSecond: PER_SECOND,
    connections: CONNECTIONS,
  });
  for (let index = 0; index < ROUNDS; index++) await round(platform, load, id);
  load.stop();
}

const edgesOf = async (platform: Platform) => (await platform.api<Server>("/api/v1/server")).edges;
const killings = {
  edge: [] as Killing[],
  only: [] as Killing[],
  supervisor: [] as Killing[],
  frozenEdge: [] as Killing[],
  frozenSupervisor: [] as Killing[],
};

await onPlatform(2, async (platform, load) => {
  const [victim] = await edgesOf(platform);
  const bothAgain = async () => {
    const edges = await edgesOf(platform);
    return edges.length === 2 && edges.every(({ pid, listening }) => listening && pid !== victim?.pid);
  };
  killings.edge.push(await kill(load, victim?.pid ?? 0, bothAgain));
  const { starts } = platform;
  killings.supervisor.push(
    await kill(load, platform.ready.pid, async () => isWell(await platform.ask("", "/api/v1/server"))),
  );
  await platform.readyLine(starts + 1);
});
await onPlatform(1, async (platform, load, id) => {
  const [victim] = await edgesOf(platform);
  killings.only.push(await kill(load, victim?.pid ?? 0, async () => isWell(await platform.ask(id, "/"))));
});
await onPlatform(1, async (platform, load, id) => {
  const [victim] = await edgesOf(platform);
  const serves = async () => isWell(await platform.ask(id, "/"));
  killings.frozenEdge.push(await kill(load, victim?.pid ?? 0, serves, "SIGSTOP"));
  const { starts } = platform;
  const answers = async () => isWell(await platform.ask("", "/api/v1/server"));
  killings.frozenSupervisor.push(await kill(load, platform.ready.pid, answers, "SIGSTOP"));
  await platform.readyLine(starts + 1);
});

function row(what: string, bar: BarName, list: readonly Killing[]): Row {
  const times = list.map(({ backMs }) => backMs);
  return {
    what,
    value: median(times),
    unit: "ms",
    bar,
    note: times.map((ms) => ms.toFixed(0)).join(", "),
  };
}

const failed = (list: readonly Killing[]): number => list.reduce((sum, killing) => sum + killing.failed, 0);
publish({
  name: "recovery",
  title: "Killed and frozen processes: until they are back",
  command: "npm run bench -- recovery",
  method:
    `kill -9 or -STOP under ${PER_SECOND} requests a second on ${CONNECTIONS} ` +
    `kept connections, ${ROUNDS} rounds, medians. ${loadText()}`,
  rows: [
    row("An edge of two killed: until both serve", "recoveryEdge", killings.edge),
    row("The only edge killed: until the next answer", "recoveryEdge", killings.only),
    row("The supervisor killed: until the API answers", "recoverySupervisor", killings.supervisor),
    row("The only edge frozen: until the next answer", "recoveryFrozen", killings.frozenEdge),
    row("The supervisor frozen: until the API answers", "recoveryFrozen", killings.frozenSupervisor),
    {
      what: "failures of other processes after an edge was killed",
      value: failed(killings.edge),
      unit: "requests",
      bar: "recoveryFailures",
    },
    {
      what: "failures after the supervisor was killed",
      value: failed(killings.supervisor),
      unit: "requests",
      bar: "recoveryFailures",
    },
    ...(await endings(ROUNDS)),
  ],
});
