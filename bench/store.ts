// The program behind the numbers of docs/decisions/001-embedded-store.md:
// `node bin/node26.mjs bench/store.ts`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openSqliteStore } from "../src/store/index.ts";
import { bytes, deploy, manifestFor, QUOTA } from "../src/store/testing/fixtures.ts";
import type { DeploymentId, KeyValueNamespace, Store } from "../src/store/index.ts";

const PROCESSES = 4;
const MAX_LOG_BYTES = 1024 * 1024;
const QUOTA_OF_BENCH = { ...QUOTA, maxValueBytes: 16 * 1024 * 1024 };

/** Latencies of one kind of operation in µs; `stalls` is the part spent on the caller's stack. */
interface Sample {
  readonly totals: number[];
  readonly stalls: number[];
}

const open = (dataDir: string): Store => openSqliteStore({ dataDir, maxLogBytes: MAX_LOG_BYTES });

const [, , dataDir, id, task] = process.argv;
if (dataDir !== undefined && id !== undefined && task !== undefined)
  await contend(dataDir, id as DeploymentId, task);
else await main();

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
  const store = open(dataDir);
  try {
    await alone(store);
    await firstUse(store);
    await sustained(store, dataDir);
    for (const task of [
      "append 8 B to one key",
      "insert 100 B to one key",
      "insert 64 KiB to one key",
      "get while one writes",
    ])
      await together(store, dataDir, task);
    await lifecycle(store);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function alone(store: Store): Promise<void> {
  const kv = store.keyValue.open(await deploy(store), QUOTA_OF_BENCH);
  const [key, value] = [bytes("key"), new Uint8Array(100)];
  const operations: [string, (index: number) => unknown][] = [
    ["insert, 100 B, same key", (index) => kv.insert(key, value.fill(index))],
    ["insert, 100 B, 10,000 keys", (index) => kv.insert(bytes(`key ${index % 9000}`), value.fill(index))],
    ["upsert, key there", () => kv.upsert(key, value)],
    ["append, 8 B", () => kv.append(bytes("log"), bytes("12345678"))],
    ["append, 8 B, to 1 MB", () => kv.append(bytes("large"), bytes("12345678"))],
    ["get, 100 B", () => kv.get(key)],
    ["insert, 64 KiB", (index) => kv.insert(bytes("64k"), new Uint8Array(65_536).fill(index))],
    ["get, 64 KiB", () => kv.get(bytes("64k"))],
    ["record, get", () => store.deployments.get("nobody" as DeploymentId)],
    [
      "beat",
      () => store.liveness.beat({ name: "edge", pid: 1, role: "edge", socket: null, atMs: Date.now() }),
    ],
  ];
  await kv.insert(bytes("large"), new Uint8Array(1_000_000));
  for (const [name, operation] of operations) report(`alone: ${name}`, await measure(operation, 20_000));
}

async function firstUse(store: Store): Promise<void> {
  const ids: DeploymentId[] = [];
  for (let index = 0; index < 500; index++) ids.push(await deploy(store));
  report(
    "first insert of a deployment (makes and opens a file)",
    await measure((index) => store.keyValue.open(ids[index]!, QUOTA).insert(bytes("k"), bytes("v")), 500),
  );
  report(
    "first get after the file was closed",
    await measure((index) => store.keyValue.open(ids[index]!, QUOTA).get(bytes("k")), 400),
  );
}

/** Writes for long enough that the log is copied many times. */
async function sustained(store: Store, dataDir: string): Promise<void> {
  const id = await deploy(store);
  const kv = store.keyValue.open(id, QUOTA_OF_BENCH);
  let logBytes = 0;
  const value = new Uint8Array(1000);
  const sample = await measure((index) => {
    if (index % 100 === 0)
      logBytes = Math.max(
        logBytes,
        statSync(join(dataDir, "kv", `${id}.db-wal`), { throwIfNoEntry: false })?.size ?? 0,
      );
    return kv.insert(bytes(`key ${(index * 7919) % 9000}`), value.fill(index));
  }, 200_000);
  report(`sustained: 200,000 inserts of 1000 B (log at most ${(logBytes / 2 ** 20).toFixed(0)} MiB)`, sample);
}

async function together(store: Store, dataDir: string, task: string): Promise<void> {
  const id = await deploy(store);
  const startMs = performance.now();
  const children = Array.from({ length: PROCESSES }, (_, index) => {
    const words = task.startsWith("get") && index > 0 ? "insert 100 B to one key" : task;
    return spawn(process.execPath, [import.meta.filename, dataDir, id, words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  });
  const samples = await Promise.all(
    children.map(async (child) => JSON.parse(await text(child.stdout)) as Sample),
  );
  await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));
  const seconds = (performance.now() - startMs) / 1000;
  const measured = task.startsWith("get") ? samples.slice(0, 1) : samples;
  report(`${PROCESSES} processes: ${task} (${seconds.toFixed(1)} s with start)`, {
    totals: measured.flatMap((sample) => sample.totals),
    stalls: measured.flatMap((sample) => sample.stalls),
  });
}

/** The part of one process. */
async function contend(dataDir: string, id: DeploymentId, task: string): Promise<void> {
  const store = open(dataDir);
  const kv = store.keyValue.open(id, QUOTA_OF_BENCH);
  const sample = await measure(operationOf(task, kv), 10_000);
  process.stdout.write(JSON.stringify(sample));
  await store.close();
}

function operationOf(task: string, kv: KeyValueNamespace): (index: number) => unknown {
  if (task.startsWith("get")) return () => kv.get(bytes("key"));
  if (task.startsWith("append")) return () => kv.append(bytes("key"), bytes("12345678"));
  const value = new Uint8Array(task.includes("KiB") ? 65_536 : 100);
  return (index) => kv.insert(bytes("key"), value.fill(index));
}

async function lifecycle(store: Store): Promise<void> {
  const ids: DeploymentId[] = [];
  report("create a record", await measure(async () => ids.push(await deploy(store)), 500));
  const blobs = (index: number): Uint8Array[] => [
    new Uint8Array(500_000).fill(index),
    bytes(`map ${index}`),
    bytes(`original ${index}`),
    bytes("asset"),
  ];
  report(
    "put an artifact of 0.5 MB",
    await measure((index) => store.artifacts.put(ids[index]!, manifestFor(blobs(index)), blobs(index)), 200),
  );
  for (const id of ids) await store.keyValue.open(id, QUOTA).insert(bytes("k"), bytes("v"));
  report("remove a deployment", await measure((index) => store.deployments.remove(ids[index]!), 500));
}

async function measure(operation: (index: number) => unknown, times: number): Promise<Sample> {
  const sample: Sample = { totals: [], stalls: [] };
  for (let index = 0; index < times; index++) {
    const startMs = performance.now();
    const result = operation(index);
    sample.stalls.push(Math.round((performance.now() - startMs) * 10_000) / 10);
    if (result instanceof Promise) await result;
    sample.totals.push(Math.round((performance.now() - startMs) * 10_000) / 10);
  }
  return sample;
}

function report(name: string, { totals, stalls }: Sample): void {
  const [total, stall] = [totals.sort((a, b) => a - b), stalls.sort((a, b) => a - b)];
  const at = (sorted: number[], share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  const mean = totals.reduce((sum, value) => sum + value, 0) / totals.length;
  const words = (sorted: number[]): string =>
    `p50 ${at(sorted, 0.5)}, p99 ${at(sorted, 0.99)}, p99.9 ${at(sorted, 0.999)}, max ${at(sorted, 1)}`;
  process.stdout.write(
    `${name}: mean ${mean.toFixed(1)} µs; until done ${words(total)}; on the stack ${words(stall)} µs\n`,
  );
}
