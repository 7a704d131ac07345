import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../digest.ts";
import { bytes, codeOf, deploy, manifestFor, QUOTA, text } from "../testing/fixtures.ts";
import type { Store } from "../types.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./store.ts";

const FIXTURES = new URL("../testing/fixtures.ts", import.meta.url).href;

let dataDir = "";
const stores: Store[] = [];
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), "terrarium-trouble-"))));
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(options: Partial<SqliteStoreOptions> = {}): Store {
  const store = openSqliteStore({ dataDir, maxLogBytes: 10_000, ...options });
  stores.push(store);
  return store;
}

/** Takes a file's write lock as another process would. */
function lock(path: string): () => void {
  const database = new DatabaseSync(path);
  database.exec("BEGIN IMMEDIATE");
  return () => database.close();
}

test(
  "a write that meets a lock becomes a promise, those behind " +
    "it keep their order, and other tenants go on at once",
  async () => {
    const store = open();
    const [id, neighbour] = [await deploy(store), await deploy(store)];
    const [kv, other] = [store.keyValue.open(id, QUOTA), store.keyValue.open(neighbour, QUOTA)];
    await kv.insert(bytes("key"), bytes("0"));
    await other.insert(bytes("key"), bytes("0"));
    const release = lock(join(dataDir, "kv", `${id}.db`));
    const value = bytes("1");
    const writes = [
      kv.append(bytes("key"), value),
      kv.append(bytes("key"), bytes("2")),
      kv.get(bytes("key")),
      kv.insert(bytes("key"), bytes("3")),
    ];
    value.fill(0);
    for (const write of writes) expect(write).toBeInstanceOf(Promise);
    expect(other.append(bytes("key"), bytes("1"))).toBe(false);
    release();
    expect(await Promise.all(writes)).toEqual([false, false, bytes("012"), false]);
    expect(text(await kv.get(bytes("key")))).toBe("3");
  },
);

test(
  "a lock that is never released ends in TER_STORE_UNAVAILABLE, " +
    "nothing is written, and records can still be read",
  async () => {
    const store = open({ lockWaitMs: 30 });
    const id = await deploy(store);
    const release = lock(join(dataDir, "terrarium.db"));
    expect(await codeOf(() => store.deployments.update(id, { name: "new" }))).toBe("TER_STORE_UNAVAILABLE");
    expect(store.deployments.get(id)).toMatchObject({ name: "garden" });
    release();
    expect(await store.deployments.update(id, { name: "newer" })).toBe(true);
  },
);

test("a data directory with a newer format is refused and left unchanged", async () => {
  await open().close();
  const records = new DatabaseSync(join(dataDir, "terrarium.db"));
  records.exec("PRAGMA user_version = 4");
  expect(() => open()).toThrow(
    expect.objectContaining({ code: "TER_STORE_NEWER_FORMAT", details: { found: 4, known: 3 } }),
  );
  expect(records.prepare("PRAGMA user_version").get()?.["user_version"]).toBe(4);
  records.close();
});

test("a damaged directory is refused with the reason", () => {
  writeFileSync(join(dataDir, "TERRARIUM-DATA"), "");
  writeFileSync(
    join(dataDir, "terrarium.db"),
    "this was never a database, although it is long enough to be taken for one ".repeat(20),
  );
  expect(() => open()).toThrow(expect.objectContaining({ code: "TER_STORE_DAMAGED" }));
});

test("a deployment's damaged file affects only that deployment", async () => {
  const first = open();
  const [id, neighbour] = [await deploy(first), await deploy(first)];
  for (const each of [id, neighbour])
    await first.keyValue.open(each, QUOTA).insert(bytes("key"), bytes("value"));
  await first.close();
  writeFileSync(join(dataDir, "kv", `${id}.db`), "x".repeat(10_000));
  const store = open();
  expect(await codeOf(() => store.keyValue.open(id, QUOTA).get(bytes("key")))).toBe("TER_STORE_DAMAGED");
  expect(await codeOf(() => store.keyValue.open(id, QUOTA).insert(bytes("key"), bytes("value")))).toBe(
    "TER_STORE_DAMAGED",
  );
  expect(text(await store.keyValue.open(neighbour, QUOTA).get(bytes("key")))).toBe("value");
  expect(await store.deployments.remove(id)).toBe(true);
  expect(readdirSync(join(dataDir, "kv")).filter((name) => name.startsWith(id))).toEqual([]);
});

test("a damaged blob is never served, and putting it again repairs it", async () => {
  const blobs = [bytes("module"), bytes("map"), bytes("original")];
  const first = open();
  await first.artifacts.put(await deploy(first), manifestFor(blobs), blobs);
  const digest = digestOf(bytes("module"));
  writeFileSync(join(dataDir, "blobs", digest.slice(0, 2), digest.slice(2)), "modulf");
  const store = open();
  expect(await codeOf(() => store.artifacts.blob(digest))).toBe("TER_STORE_DAMAGED");
  await store.artifacts.put(await deploy(store), manifestFor(blobs), blobs);
  expect(text(await store.artifacts.blob(digest))).toBe("module");
});

const WRITER = `
  import { openSqliteStore } from ${JSON.stringify(new URL("./store.ts", import.meta.url).href)};
  import { bytes, codeOf, deploy, manifestFor, QUOTA } from ${JSON.stringify(FIXTURES)};
  const store = openSqliteStore({ dataDir: process.argv[1], maxLogBytes: 10_000 });
  const id = await deploy(store);
  const kv = store.keyValue.open(id, QUOTA);
  await kv.insert(bytes("small"), bytes("value"));
  const code = await codeOf(() => kv.insert(bytes("large"), new Uint8Array(1_000_000).fill(1)));
  const blobs = [new Uint8Array(1_000_000), bytes("2"), bytes("3")];
  const blobCode = await codeOf(() => store.artifacts.put(id, manifestFor(blobs), blobs));
  const found = (await kv.get(bytes("small")))?.length;
  const after = { found, missing: await kv.get(bytes("large")), usage: await kv.usage() };
  const again = await kv.insert(bytes("also small"), bytes("v"));
  console.log(JSON.stringify({ code, blobCode, after, again }));
  await store.close();
`;

test("a full disk is a clean error: what fits is written, and nothing is half written", () => {
  // A file size limit of 512 KiB stands in for a full disk. Its signal is ignored, because a full disk sends
  // none.
  const script = `trap '' XFSZ; ulimit -f 512; exec "$0" --input-type=module -e "$1" "$2"`;
  const child = spawnSync("bash", ["-c", script, process.execPath, WRITER, dataDir], { encoding: "utf8" });
  expect(child.stderr).toBe("");
  expect(JSON.parse(child.stdout)).toEqual({
    // To SQLite, the limit is a write that fails for no reason that it knows.
    code: "TER_STORE_UNAVAILABLE",
    blobCode: "TER_DISK_FULL",
    after: { found: 5, usage: { keys: 1, bytes: 10 } },
    again: true,
  });
  expect(readdirSync(join(dataDir, "unfinished"))).toEqual([]);
});
