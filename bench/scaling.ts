// What a second edge brings: a guest that computes for some milliseconds, on a platform with one edge and on
// one with two. `npm run bench -- scaling`; bar of docs/SPECIFICATION.md: at least 1.8 times as many requests
// a second on two cores.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Platform } from "../tests/e2e/platform.ts";
import { deploySources } from "../tests/hostile/deploy.ts";
import { type Load, type LoadResult, runLoad } from "./load/load.ts";
import { median } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const REQUESTS = Number(process.argv[3] ?? 400);
const CONNECTIONS = 16;
/** Some 5 to 10 ms of optimised code. */
const COMPUTING = `(module (memory 1) (func (export "run") (local $i i32) (local $x i32)
  (loop $l
    (local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 1664525)) (local.get $i)))
    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 6000000))))
  (i32.store (i32.const 0) (local.get $x))))`;

interface Site {
  readonly platform: Platform;
  readonly dataDir: string;
  readonly load: Omit<Load, "until">;
  readonly perSecond: number[];
}

async function start(edges: number): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), "terrarium-scaling-"));
  // Nobody is to be moved to an edge of its own here, so no limit may count as an offence.
  const platform = await Platform.start(dataDir, ["--edges", String(edges), "--limit", "cpuMs=30000"]);
  const id = await deploySources(platform, { "src/main.wat": COMPUTING });
  const port = platform.ready.httpPort;
  return {
    platform,
    dataDir,
    load: { port, host: `${id}.localhost:${port}`, path: "/", connections: CONNECTIONS, perSecond: null },
    perSecond: [],
  };
}

async function measure({ load, perSecond }: Site): Promise<void> {
  perSecond.push((await send(load, REQUESTS)).perSecond);
}

async function send(load: Site["load"], answers: number): Promise<LoadResult> {
  const result = await runLoad({ ...load, until: { answers } });
  if (result.failures > 0) throw new Error(`${result.failures} answers were not 200`);
  return result;
}

const sites = [await start(1), await start(2)];
for (const { load } of sites) await send(load, 100);
for (let round = 0; round < ROUNDS; round += 1) for (const site of sites) await measure(site);
for (const { platform, dataDir } of sites) {
  await platform.stop();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
const [one = Number.NaN, two = Number.NaN] = sites.map(({ perSecond }) => median(perSecond));
publish({
  name: "scaling",
  title: "Two edges beside one",
  command: "npm run bench -- scaling",
  method:
    `A guest that computes for ${(1000 / one).toFixed(1)} ms a request, ` +
    `${CONNECTIONS} connections, ${ROUNDS} rounds of ${REQUESTS} requests in ` +
    `turns, medians, on ${availableParallelism()} cores that the client shares.`,
  rows: [
    {
      what: "Two edges: requests a second, of one edge",
      value: two / one,
      unit: "×",
      bar: "scaling",
    },
    { what: "one edge", value: one, unit: "requests/s" },
    { what: "two edges", value: two, unit: "requests/s" },
  ],
});
