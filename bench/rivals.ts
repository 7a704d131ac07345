// Requests a second and latency of hello beside those who do the like: bare `node:http`, workerd making an
// instance of the same module for each request, `wasmtime serve` and Viceroy. `npm run bench -- rivals`;
// `scripts/build-rivals.sh` builds the rivals once; one that is not there is left out, with a line that says
// so. Bars of docs/SPECIFICATION.md are ratios within this run.
import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import createWabt from "wabt";
import { edgeV8Flags } from "../src/engine/v8-flags.ts";
import type { Load, LoadResult } from "./load/load.ts";
import { forkServer, LoadClient, PINNED, spawnServer } from "./load/processes.ts";
import { BENCH_HOST } from "./load/served.ts";
import type { BarName } from "./bars.ts";
import { median, quantile, type Row } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const ROUND_MS = Number(process.argv[3] ?? 3000);
const CONNECTIONS = 32;
/** Low enough for all of them: latencies are comparable only at one rate. */
const FIXED_RATE = 1000;

const CACHE = process.env["TERRARIUM_RIVALS"] ?? join(homedir(), ".cache/terrarium/rivals");
const PROGRAMS = join(import.meta.dirname, "rivals");
const built = mkdtempSync(join(tmpdir(), "terrarium-rivals-"));

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Contender {
  readonly name: string;
  /** How much faster Terrarium has to be; null for Terrarium itself. */
  readonly bar: BarName | null;
  readonly start: () => Promise<Server>;
}

const CONTENDERS: readonly Contender[] = [
  {
    name: "Terrarium",
    bar: null,
    start: () => forkServer(join(import.meta.dirname, "load/served.ts"), ["edge, WAT hello"], edgeV8Flags()),
  },
  {
    name: "node:http",
    bar: "edgeRate",
    start: () => forkServer(join(import.meta.dirname, "load/served.ts"), ["node:http"], []),
  },
  {
    name: "wasmtime serve",
    bar: "wasmtime",
    start: () =>
      spawnServer(present("WASMTIME", "bin/wasmtime"), (port) => [
        "serve",
        "-S",
        "cli",
        "--addr",
        `127.0.0.1:${port}`,
        present("WASI_HTTP_HELLO", "programs/wasi-http.wasm"),
      ]),
  },
  {
    name: "Viceroy",
    bar: "viceroy",
    start: async () =>
      spawnServer(present("VICEROY", "bin/viceroy"), (port) => [
        "--addr",
        `127.0.0.1:${port}`,
        join(built, "viceroy.wasm"),
      ]),
  },
  {
    name: "workerd, an instance a request",
    bar: "workerd",
    start: () =>
      startWorkerd(
        present(
          "WORKERD",
          `node_modules/@cloudflare/workerd-${process.platform}-${process.arch.replace("x64", "64")}/bin/workerd`,
        ),
      ),
  },
];

function present(variable: string, path: string): string {
  const file = process.env[variable] ?? join(CACHE, path);
  if (!existsSync(file))
    throw new Error(`not there: scripts/build-rivals.sh builds it, or ${variable} names it`);
  return file;
}

async function assemble(source: string, target: string): Promise<void> {
  const wabt = await createWabt();
  writeFileSync(
    join(built, target),
    wabt.parseWat(source, readFileSync(join(PROGRAMS, source), "utf8"), {}).toBinary({}).buffer,
  );
}

function startWorkerd(workerd: string): Promise<Server> {
  const folder = join(built, "workerd");
  cpSync(join(PROGRAMS, "workerd"), folder, { recursive: true });
  cpSync(join(built, "hello.wasm"), join(folder, "hello.wasm"));
  return spawnServer(workerd, (port) => [
    "serve",
    join(folder, "config.capnp"),
    "--socket-addr",
    `http=127.0.0.1:${port}`,
  ]);
}

interface Measured {
  readonly perSecond: number[];
  readonly latenciesMs: number[];
}

async function measure(client: LoadClient, { port }: Server, measured: Measured): Promise<void> {
  measured.perSecond.push((await load(client, port, null)).perSecond);
  measured.latenciesMs.push(...(await load(client, port, FIXED_RATE)).latenciesMs);
}

async function load(client: LoadClient, port: number, perSecond: Load["perSecond"]): Promise<LoadResult> {
  const target = { port, host: BENCH_HOST, path: "/", connections: CONNECTIONS };
  const result = await client.load({
    ...target,
    perSecond,
    until: { seconds: ROUND_MS / 1000 },
    awake: true,
  });
  if (result.failures > 0) throw new Error(`${result.failures} answers were not 200`);
  return result;
}

/** A contender that serves and is warm. */
interface Entrant {
  readonly contender: Contender;
  readonly server: Server;
  readonly measured: Measured;
}

/** Starts a contender and warms it up; a text says why there is none. */
async function enter(contender: Contender, client: LoadClient): Promise<Entrant | string> {
  try {
    const server = await contender.start();
    // A compiler at run time has hot code after some 100,000 requests, so what the first seconds do says
    // little.
    for (let warmUp = 0; warmUp < 3; warmUp += 1) await load(client, server.port, null);
    return { contender, server, measured: { perSecond: [], latenciesMs: [] } };
  } catch (error) {
    return (error as Error).message;
  }
}

function rowsOf({ name, bar }: Contender, measured: Measured | string, ours: number): Row[] {
  const what = name === "Terrarium" ? "Terrarium: hello" : `Terrarium beside ${name}`;
  if (typeof measured === "string") return [{ what, value: null, unit: "×", note: measured }];
  const perSecond = median(measured.perSecond);
  const [p50, p99] = [quantile(measured.latenciesMs, 0.5), quantile(measured.latenciesMs, 0.99)];
  const latency: Row = {
    what: `${name}: p99 latency at ${FIXED_RATE} a second`,
    value: p99,
    unit: "ms",
    note: `p50 ${p50.toFixed(2)} ms`,
  };
  if (bar === null) return [{ what, value: perSecond, unit: "requests/s" }, latency];
  return [
    {
      what,
      value: ours / perSecond,
      unit: "×",
      bar,
      note: `${Math.round(perSecond)} requests a second`,
    },
    latency,
  ];
}

await assemble("hello.wat", "hello.wasm");
await assemble("viceroy/hello.wat", "viceroy.wasm");
const client = new LoadClient();
const entrants: (Entrant | string)[] = [];
for (const contender of CONTENDERS) entrants.push(await enter(contender, client));
const serving = entrants.filter((entrant) => typeof entrant !== "string");
// Rounds take turns, so that what else the machine does hits all alike.
for (let round = 0; round < ROUNDS; round += 1)
  for (const { server, measured } of serving) await measure(client, server, measured);
for (const { server } of serving) server.child.kill("SIGKILL");
client.close();
const ours = median(serving.find(({ contender }) => contender.bar === null)?.measured.perSecond ?? []);
const rows = CONTENDERS.flatMap((contender, index) => {
  const entrant = entrants[index] ?? "not started";
  return rowsOf(contender, typeof entrant === "string" ? entrant : entrant.measured, ours);
});
rmSync(built, { recursive: true });
publish({
  name: "rivals",
  title: "Hello beside others",
  command: "npm run bench -- rivals",
  method:
    `${CONNECTIONS} keep-alive connections, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each, ` +
    `medians; ${PINNED}. Latency at a fixed rate, counted from when a request was due.`,
  rows,
});
