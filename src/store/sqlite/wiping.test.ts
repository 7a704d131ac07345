import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bytes, codeOf, deploy, manifestFor, newId, QUOTA, recordFor, text } from "../testing/fixtures.ts";
import type { DeploymentId, Store } from "../types.ts";
import { Checkpointer } from "./checkpointer.ts";
import { KEY_VALUE_SCHEMA } from "./key-value-rows.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./store.ts";
import { TenantFiles } from "./tenant-files.ts";

let dataDir = "";
const stores: Store[] = [];
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), "terrarium-wipe-"))));
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(options: Partial<SqliteStoreOptions> = {}): Store {
  const store = openSqliteStore({ dataDir, maxLogBytes: 10_000, ...options });
  stores.push(store);
  return store;
}

/** Files below the data directory that hold deployments' data. */
function dataFiles(): string[] {
  return ["kv", "logs", "blobs", "unfinished"].flatMap((folder) =>
    readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name),
  );
}

function lostFiles(): string[] {
  if (!existsSync(join(dataDir, "lost+found"))) return [];
  return readdirSync(join(dataDir, "lost+found"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

async function fill(store: Store, id: DeploymentId): Promise<void> {
  const blobs = [bytes(`module ${id}`), bytes(`map ${id}`), bytes(`original ${id}`)];
  await store.artifacts.put(id, manifestFor(blobs), blobs);
  await store.keyValue.open(id, QUOTA).insert(bytes("key"), bytes("value"));
  await store.logs.append(id, [{ atMs: 1, source: "debug", request: null, text: "line" }]);
}

test("a removal leaves no file behind, even while another process has the files open", async () => {
  const [store, other] = [open(), open()];
  const id = await deploy(store);
  await fill(store, id);
  await other.keyValue.open(id, QUOTA).get(bytes("key"));
  await other.logs.read(id, { limit: 1 });
  expect(dataFiles().length).toBeGreaterThan(4);
  await store.deployments.remove(id);
  expect(dataFiles()).toEqual([]);
});

test("a handle that outlives its deployment writes nothing, and a new one is refused at once", async () => {
  const [store, other] = [open(), open()];
  const id = await deploy(store);
  const held = other.keyValue.open(id, QUOTA);
  await held.insert(bytes("key"), bytes("value"));
  const told = Promise.withResolvers<void>();
  other.deployments.onRemoved(() => told.resolve());
  await store.deployments.remove(id);
  expect(await codeOf(() => other.keyValue.open(id, QUOTA).get(bytes("key")))).toBe("TER_NOT_FOUND");
  await codeOf(() => held.insert(bytes("key"), bytes("into nothing")));
  expect(dataFiles()).toEqual([]);
  await told.promise;
  expect(await codeOf(() => held.insert(bytes("key"), bytes("again")))).toBe("TER_NOT_FOUND");
  expect(await codeOf(() => held.get(bytes("key")))).toBe("TER_NOT_FOUND");
  await other.logs.append(id, [{ atMs: 1, source: "debug", request: null, text: "late" }]);
  expect(dataFiles()).toEqual([]);
});

test("a file created during a removal is deleted by its creator", async () => {
  open();
  const answers = [true, false];
  const checkpointer = new Checkpointer();
  const files = new TenantFiles({
    folder: join(dataDir, "kv"),
    schema: KEY_VALUE_SCHEMA,
    maxOpenFiles: 4,
    checkpointer,
    // Alive at the first look; gone at the second, with the file created in between.
    isAlive: () => answers.shift() ?? false,
  });
  expect(await codeOf(() => files.use(newId()))).toBe("TER_NOT_FOUND");
  expect(answers).toEqual([]);
  expect(dataFiles()).toEqual([]);
});

test("the next sweep does what a killed process left undone", async () => {
  const store = open();
  const id = await deploy(store);
  await fill(store, id);
  const records = new DatabaseSync(join(dataDir, "terrarium.db"));
  // A removal that dies right after its first transaction.
  records.exec(`
    BEGIN; DELETE FROM deployments; DELETE FROM manifests;
    INSERT INTO garbage SELECT digest FROM blob_uses; DELETE FROM blob_uses;
    INSERT INTO removals (id, at_ms, wiped) VALUES ('${id}', 1, 0); COMMIT`);
  records.close();
  await open().deployments.sweep(Date.now());
  expect(dataFiles()).toEqual([]);
});

test("files of which no record knows are moved to lost+found when a supervisor starts", async () => {
  const store = open();
  const id = await deploy(store);
  await fill(store, id);
  const kept = dataFiles().sort();
  mkdirSync(join(dataDir, "blobs", "00"), { recursive: true });
  writeFileSync(join(dataDir, "blobs", "00", "0".repeat(62)), "nobody's");
  writeFileSync(join(dataDir, "logs", "nobodys-file.db"), "a log");
  open();
  expect(dataFiles()).toContain("nobodys-file.db");
  await open({ clearsAway: true }).deployments.sweep(0);
  expect(dataFiles().sort()).toEqual(kept);
  expect(lostFiles()).toEqual(["0".repeat(64), "nobodys-file.db"]);
});

test("files of a deployment that is gone go when a supervisor starts", async () => {
  const store = open();
  const id = await deploy(store);
  await store.deployments.remove(id);
  writeFileSync(join(dataDir, "kv", `${id}.db`), "");
  open({ clearsAway: true });
  expect(dataFiles()).toEqual([]);
  expect(lostFiles()).toEqual([]);
});

test("of many finds the newest are kept, and nothing else is touched", () => {
  const batches = Array.from({ length: 12 }, (_, index) => `2026-01-${10 + index}T000000Z`);
  for (const name of [...batches, "my-notes"])
    mkdirSync(join(dataDir, "lost+found", name), { recursive: true });
  open({ clearsAway: true });
  expect(readdirSync(join(dataDir, "lost+found")).sort()).toEqual([...batches.slice(4), "my-notes"]);
});

test("the blobs of a put that died go with its deployment", async () => {
  const store = open();
  const id = await deploy(store);
  const blobs = [bytes("1"), bytes("2"), bytes("3")];
  expect(await codeOf(() => store.artifacts.put(id, manifestFor(blobs), blobs.slice(0, 2)))).toBe(
    "TER_INTERNAL",
  );
  expect(dataFiles().length).toBe(2);
  await store.deployments.remove(id);
  expect(dataFiles()).toEqual([]);
});

test("a removal in the middle of a put leaves no blob, in either order", async () => {
  const [store, other] = [open(), open()];
  for (let round = 0; round < 50; round++) {
    const id = await deploy(store);
    const blobs = Array.from({ length: 8 }, (_, index) => bytes(`blob ${index} of ${id}`));
    const put = codeOf(() => store.artifacts.put(id, manifestFor(blobs), blobs));
    for (let turn = 0; turn < round % 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    await other.deployments.remove(id);
    expect(await put).toBeOneOf([null, "TER_NOT_FOUND"]);
    expect(dataFiles()).toEqual([]);
  }
});

test("no more files stay open than allowed, and closed ones reopen", async () => {
  const store = open({ maxOpenFiles: 3 });
  const ids = Array.from({ length: 20 }, newId);
  for (const id of ids) {
    await store.deployments.create(recordFor(id));
    await store.keyValue.open(id, QUOTA).insert(bytes("key"), bytes(id));
  }
  // A file has a log next to it while anyone has it open.
  await vi.waitFor(
    () => expect(readdirSync(join(dataDir, "kv")).filter((name) => name.endsWith("-wal")).length).toBe(3),
    10_000,
  );
  for (const id of ids) expect(text(await store.keyValue.open(id, QUOTA).get(bytes("key")))).toBe(id);
});
