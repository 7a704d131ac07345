// Many deployments on one machine: memory of all processes with thousands resident and a part of them warm,
// and the first request to a cold one. `npm run bench -- resident [resident] [warm]`; bars of
// docs/SPECIFICATION.md: 10,000 resident and 1,000 warm within 1 GiB, a first request to a cold one within 5
// ms. Records and artifacts are put into the store before the platform starts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createWabt from "wabt";
import { type Config, DEFAULT_LIMITS } from "../src/config/index.ts";
import { openStore } from "../src/store/index.ts";
import type { DeploymentId, Store } from "../src/store/types.ts";
import { Platform } from "../tests/e2e/platform.ts";
import { putModule } from "../tests/edge/live-deployment.ts";
import { quantile } from "./report/figure.ts";
import { publish } from "./report/publish.ts";

const RESIDENT = Number(process.argv[2] ?? 10_000);
const WARM = Number(process.argv[3] ?? 1000);
/** Cold ones asked once each, after the warm ones. */
const COLD = Math.min(200, RESIDENT - WARM);

const wabt = await createWabt();

/** No two are the same bytes, or they would share their compiled code. */
function moduleOf(index: number): Uint8Array<ArrayBuffer> {
  const text = `(module (import "env" "hostcall_resp_set_body" (func $body (param i32 i32 i32) (result i32)))
    (memory 1) (data (i32.const 0) "${String(index).padStart(8, "0")}") (func (export "run") (drop (call $body
      (i32.const 0) (i32.const 0) (i32.const 8)))))`;
  const parsed = wabt.parseWat("resident.wat", text, {});
  const bytes = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  return bytes;
}

async function put(store: Store, index: number): Promise<void> {
  await putModule(store, idOf(index), moduleOf(index));
}

function idOf(index: number): DeploymentId {
  return `bench-resident-number-${String(index)
    .padStart(6, "0")
    .replace(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "")}` as DeploymentId;
}

/** Resident bytes of a process and all below it: private pages, and its share of shared ones. */
function residentMiB(pid: number): number {
  const share = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1] ?? "0";
  return Number(share) / 1024 + childrenOf(pid).reduce((sum, child) => sum + residentMiB(child), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}

async function firstRequestMs(platform: Platform, index: number): Promise<number> {
  const began = performance.now();
  const { status, text } = await platform.ask(idOf(index), "/");
  if (status !== 200 || Number(text) !== index) throw new Error(`${idOf(index)} answered ${status} ${text}`);
  return performance.now() - began;
}

const dataDir = mkdtempSync(join(tmpdir(), "terrarium-resident-"));
try {
  const store = await openStore({ dataDir, store: "sqlite", limits: DEFAULT_LIMITS } as unknown as Config, {
    role: "supervisor",
  });
  for (let index = 0; index < RESIDENT; index += 1) await put(store, index);
  await store.close();
  const platform = await Platform.start(dataDir, ["--edges", "1"]);
  try {
    const emptyMiB = residentMiB(platform.launcher.pid ?? 0);
    const warmingMs: number[] = [];
    for (let index = 0; index < WARM; index += 1) warmingMs.push(await firstRequestMs(platform, index));
    const coldMs: number[] = [];
    for (let index = WARM; index < WARM + COLD; index += 1)
      coldMs.push(await firstRequestMs(platform, index));
    const againMs: number[] = [];
    for (let index = 0; index < COLD; index += 1) againMs.push(await firstRequestMs(platform, index));
    const warmMiB = residentMiB(platform.launcher.pid ?? 0);
    publish({
      name: "resident",
      title: `${RESIDENT} deployments resident, ${WARM} warm`,
      command: "npm run bench -- resident",
      method:
        `One edge; memory of launcher, supervisor and edge (proportional set size) without ` +
        `compilers. Requests on a connection of their own each, one after the other.`,
      rows: [
        {
          what: `Memory with ${RESIDENT} deployments resident, ${WARM} warm`,
          value: warmMiB,
          unit: "MiB",
          bar: "residentMemory",
          note: `${emptyMiB.toFixed(0)} MiB before the first request`,
        },
        {
          what: "First request to a cold deployment (p50)",
          value: quantile(coldMs, 0.5),
          unit: "ms",
          bar: "coldRequest",
          note: `p99 ${quantile(coldMs, 0.99).toFixed(1)} ms`,
        },
        {
          what: "a request to a warm one, connection included (p50)",
          value: quantile(againMs, 0.5),
          unit: "ms",
          note: `p99 ${quantile(againMs, 0.99).toFixed(1)} ms`,
        },
      ],
    });
  } finally {
    await platform.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
