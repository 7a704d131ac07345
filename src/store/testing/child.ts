// A process that uses the store alongside the tests: `node child.ts '<ChildTask as JSON>'`. It may be killed
// at any moment.
import { appendFileSync } from "node:fs";
import { DEFAULT_LIMITS } from "../../config/index.ts";
import { openStore } from "../open-store.ts";
import type { DeploymentId, Store } from "../types.ts";
import { bytes, QUOTA, type StoreLocation } from "./fixtures.ts";

export interface ChildTask {
  readonly location: StoreLocation;
  readonly kind: "append" | "count" | "log" | "churn" | "flip";
  readonly id: string;
  /** Distinguishes children in what they write. */
  readonly name: string;
  readonly from: number;
  readonly times: number;
  /**
   * Each acknowledged write is noted here at once, so that the note survives the process, just as the write
   * must.
   */
  readonly notes: string;
}

const task = JSON.parse(process.argv[2] ?? "") as ChildTask;
const store = await openStore({ ...task.location, limits: DEFAULT_LIMITS }, { role: "edge" });
const act = { append, count, log, churn, flip }[task.kind];
for (let index = task.from; index < task.from + task.times; index++) {
  const note = await act(store, index);
  appendFileSync(task.notes, `${note}\n`);
}
await store.close();

/** Appends `name:index;` to one key. */
async function append(store: Store, index: number): Promise<string> {
  await store.keyValue
    .open(task.id as DeploymentId, QUOTA)
    .append(bytes("shared"), bytes(`${task.name}:${index};`));
  return String(index);
}

/** Takes a ticket: of all that upsert the same key, exactly one may win. */
async function count(store: Store, index: number): Promise<string> {
  const won = await store.keyValue
    .open(task.id as DeploymentId, QUOTA)
    .upsert(bytes(`ticket ${index}`), bytes(task.name));
  return won ? String(index) : "";
}

async function log(store: Store, index: number): Promise<string> {
  await store.logs.append(task.id as DeploymentId, [
    { atMs: Date.now(), source: "debug", request: task.name, text: String(index) },
  ]);
  return String(index);
}

/** Replaces a value with one of another size and letter; both are written in two pieces. */
async function flip(store: Store, index: number): Promise<string> {
  const kv = store.keyValue.open(task.id as DeploymentId, QUOTA);
  const letter = index % 2 === 0 ? "a" : "b";
  await kv.insert(bytes("flip"), bytes(letter.repeat(5000 + 4000 * (index % 2))));
  await kv.append(bytes("flip"), bytes(letter.repeat(3000)));
  return String(index);
}

/** Creates, uses and removes its own deployments. */
async function churn(store: Store, index: number): Promise<string> {
  const id = `${task.name}-${index}` as DeploymentId;
  const record = {
    name: "",
    language: null,
    phase: "live",
    message: "",
    errorCode: null,
    createdAtMs: 1,
    expiresAtMs: null,
    source: "",
    app: null,
    version: null,
  } as const;
  await store.deployments.create({ ...record, id, tokenDigest: task.location.dataDir as never });
  await store.keyValue.open(id, QUOTA).insert(bytes("key"), bytes("value"));
  await store.logs.append(id, [{ atMs: 1, source: "debug", request: null, text: "line" }]);
  await store.deployments.remove(id);
  return id;
}
