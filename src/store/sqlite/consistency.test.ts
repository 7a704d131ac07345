// Data directories that are not what they should be: somebody else's, without records, with damage. Nothing
// in them may be lost by starting on them, and no store may read as empty that is not.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bytes, codeOf, deploy, manifestFor, QUOTA, text } from "../testing/fixtures.ts";
import type { DeploymentId, Store } from "../types.ts";
import { examineDataDirectory } from "./examination.ts";
import { rebuildDataDirectory } from "./rebuilding.ts";
import { openSqliteStore } from "./store.ts";
import { acquireSupervisorLock } from "./supervisor-lock.ts";

let dataDir = "";
const stores: Store[] = [];
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), "terrarium-consistency-"))));
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(clearsAway = false): Store {
  const store = openSqliteStore({ dataDir, maxLogBytes: 10_000, clearsAway });
  stores.push(store);
  return store;
}

/** Name and bytes of every file. */
function everything(): Map<string, string> {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name)).toString("base64"),
    ]),
  );
}

/** A store with two deployments, as a process leaves it that is killed. */
async function filled(): Promise<DeploymentId> {
  const store = open();
  const id = await deploy(store);
  await deploy(store);
  const blobs = [bytes("module"), bytes("map"), bytes("original")];
  await store.artifacts.put(id, manifestFor(blobs), blobs);
  await store.deployments.update(id, { phase: "live" });
  for (let write = 0; write < 10; write += 1)
    await store.keyValue.open(id, QUOTA).append(bytes("key"), bytes(String(write)));
  await vi.waitFor(() => expect(existsSync(join(dataDir, "terrarium.db-synced"))).toBe(true), 5000);
  await new Promise((resolve) => setTimeout(resolve, 0));
  return id;
}

/** Copies the directory as it is, so that what the open store does has no part in the test. */
async function leftBehind(): Promise<DeploymentId> {
  const id = await filled();
  const copy = mkdtempSync(join(tmpdir(), "terrarium-consistency-"));
  cpSync(dataDir, copy, { recursive: true });
  for (const store of stores.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
  dataDir = copy;
  return id;
}

const kv = (id: DeploymentId, suffix = "") => join(dataDir, "kv", `${id}.db${suffix}`);

describe("a folder", () => {
  test.each(["logs/mine.db", "kv/mine.db", "unfinished/draft", "letter.txt"])(
    "of somebody else, with %s in it, is refused and left alone",
    async (name) => {
      mkdirSync(join(dataDir, name, ".."), { recursive: true });
      writeFileSync(join(dataDir, name), "mine");
      const before = everything();
      expect(await codeOf(() => acquireSupervisorLock(dataDir))).toBe("TER_STORE_FOREIGN");
      expect(await codeOf(() => open(true))).toBe("TER_STORE_FOREIGN");
      expect(everything()).toEqual(before);
    },
  );

  test("that is the top of an empty volume is taken", () => {
    mkdirSync(join(dataDir, "lost+found"));
    expect(() => open(true)).not.toThrow();
  });

  test("of a version that made no mark is taken", async () => {
    const id = await leftBehind();
    rmSync(join(dataDir, "TERRARIUM-DATA"));
    expect(text(await open(true).keyValue.open(id, QUOTA).get(bytes("key")))).toBe("0123456789");
    expect(existsSync(join(dataDir, "TERRARIUM-DATA"))).toBe(true);
  });

  test("of format 1 opens, and its stores are known to be begun", async () => {
    const id = await leftBehind();
    const records = new DatabaseSync(join(dataDir, "terrarium.db"));
    records.exec("DROP INDEX deployments_by_app; DROP TABLE apps; DROP TABLE switches");
    records.exec("DROP TABLE released_names; ALTER TABLE deployments DROP COLUMN app");
    records.exec("ALTER TABLE deployments DROP COLUMN version");
    records.exec("ALTER TABLE removals RENAME COLUMN sequence TO place");
    records.exec("DROP TABLE stores; PRAGMA user_version = 1");
    records.close();
    const file = new DatabaseSync(kv(id));
    file.exec("ALTER TABLE usage DROP COLUMN writes; ALTER TABLE chunks RENAME COLUMN position TO place");
    file.exec("PRAGMA user_version = 1");
    file.close();
    const namespace = open(true).keyValue.open(id, QUOTA);
    expect(text(await namespace.get(bytes("key")))).toBe("0123456789");
    expect(await namespace.append(bytes("key"), bytes("!"))).toBe(false);
    expect(await stores.at(-1)?.deployments.get(id)).toMatchObject({ app: null, version: null });
    expect(await stores.at(-1)?.apps.list()).toEqual([]);
    for (const store of stores.splice(0)) await store.close();
    rmSync(kv(id));
    expect(await codeOf(() => open().keyValue.open(id, QUOTA).get(bytes("key")))).toBe("TER_STORE_DAMAGED");
  });
});

describe("records", () => {
  test("that are missing beside data are an error, and nothing is touched", async () => {
    await leftBehind();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(dataDir, `terrarium.db${suffix}`));
    const before = everything();
    for (const clearsAway of [true, false])
      expect(await codeOf(() => open(clearsAway))).toBe("TER_STORE_INCONSISTENT");
    expect(everything()).toEqual(before);
  });

  test("whose log has one flipped bit are an error, and nothing is touched", async () => {
    await leftBehind();
    const path = join(dataDir, "terrarium.db-wal");
    const log = readFileSync(path);
    const at = 32 + Math.floor((log.length - 32) / 4);
    log[at] = (log[at] ?? 0) ^ 1;
    writeFileSync(path, log);
    const before = everything();
    expect(await codeOf(() => open(true))).toBe("TER_STORE_INCONSISTENT");
    expect(everything()).toEqual(before);
  });

  test("whose log ends in the middle of a write open with all before it", async () => {
    const id = await leftBehind();
    const path = join(dataDir, "terrarium.db-wal");
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(3000, 7)]));
    expect(text(await open(true).keyValue.open(id, QUOTA).get(bytes("key")))).toBe("0123456789");
  });

  test("that are older than the stores are an error, and the stores stay", async () => {
    const id = await leftBehind();
    const records = new DatabaseSync(join(dataDir, "terrarium.db"));
    records.exec(`DELETE FROM deployments; DELETE FROM used_ids; DELETE FROM stores`);
    records.close();
    expect(await codeOf(() => open(true))).toBe("TER_STORE_INCONSISTENT");
    expect(existsSync(kv(id))).toBe(true);
  });
});

describe("the store of a deployment", () => {
  const ways: readonly [string, (id: DeploymentId) => void][] = [
    [
      "that is missing",
      (id) => ["", "-wal", "-shm"].forEach((suffix) => rmSync(kv(id, suffix), { force: true })),
    ],
    ["that is empty", (id) => (truncateSync(kv(id)), rmSync(kv(id, "-wal")))],
    ["without its log", (id) => rmSync(kv(id, "-wal"))],
    ["whose log is cut short", (id) => truncateSync(kv(id, "-wal"), 100)],
    ["that is cut in the middle", (id) => (rmSync(kv(id, "-wal")), truncateSync(kv(id), 5000))],
  ];
  test.each(ways)("%s does not read as one without keys", async (_how, damage) => {
    const id = await leftBehind();
    damage(id);
    const namespace = open(true).keyValue.open(id, QUOTA);
    expect(await codeOf(() => namespace.get(bytes("key")))).toBe("TER_STORE_DAMAGED");
    expect(await codeOf(() => namespace.insert(bytes("key"), bytes("new")))).toBe("TER_STORE_DAMAGED");
  });

  test("that lost its last writes when the machine stopped opens, and its log says so", async () => {
    const id = await leftBehind();
    const records = new DatabaseSync(join(dataDir, "terrarium.db"));
    records.exec("UPDATE stores SET writes = 13, boot = 'before'");
    records.close();
    const store = open(true);
    expect(text(await store.keyValue.open(id, QUOTA).get(bytes("key")))).toBe("0123456789");
    const log = await store.logs.read(id, { limit: 10 });
    expect(log.map((event) => event.text)).toEqual([
      expect.stringMatching(/^The last 3 writes of the store were lost/),
    ]);
  });

  test("that nobody has written to is empty", async () => {
    const store = open(true);
    expect(await store.keyValue.open(await deploy(store), QUOTA).get(bytes("key"))).toBeUndefined();
  });
});

describe("doctor", () => {
  const states = () =>
    Object.fromEntries(examineDataDirectory(dataDir).map(({ name, state }) => [name, state]));

  test("finds nothing wrong where nothing is", async () => {
    await leftBehind();
    expect(states()).toEqual({ records: "ok", stores: "ok", blobs: "ok" });
  });

  test("says what is wrong with a store, and gives it a new beginning", async () => {
    const id = await leftBehind();
    rmSync(kv(id, "-wal"));
    truncateSync(kv(id), 5000);
    expect(states()).toMatchObject({ records: "ok", stores: "failure" });
    expect(rebuildDataDirectory(dataDir, 0)).toEqual([expect.stringContaining("begins anew")]);
    expect(states()).toMatchObject({ stores: "ok", "lost and found": "warning" });
    const namespace = open(true).keyValue.open(id, QUOTA);
    expect(await namespace.get(bytes("key"))).toBeUndefined();
    expect(await namespace.insert(bytes("key"), bytes("new"))).toBe(true);
  });

  test("lets a store go on that lacks writes", async () => {
    const id = await leftBehind();
    const records = new DatabaseSync(join(dataDir, "terrarium.db"));
    records.exec("UPDATE stores SET writes = 13");
    records.close();
    expect(rebuildDataDirectory(dataDir, 0)).toEqual([expect.stringContaining("without its last 3 writes")]);
    expect(text(await open(true).keyValue.open(id, QUOTA).get(bytes("key")))).toBe("0123456789");
  });

  test("finds a damaged blob", async () => {
    await leftBehind();
    const [folder = ""] = readdirSync(join(dataDir, "blobs"));
    const [name = ""] = readdirSync(join(dataDir, "blobs", folder));
    writeFileSync(join(dataDir, "blobs", folder, name), "other bytes");
    expect(states()).toMatchObject({ blobs: "failure" });
  });

  test("without records keeps all files and lets a server start", async () => {
    const id = await leftBehind();
    const before = readFileSync(kv(id));
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(dataDir, `terrarium.db${suffix}`));
    expect(states()).toMatchObject({ records: "failure" });
    expect(rebuildDataDirectory(dataDir, 0)).toHaveLength(2);
    expect(open(true).deployments.list()).toEqual([]);
    expect(readFileSync(join(dataDir, "lost+found", "1970-01-01T000000Z", "kv", `${id}.db`))).toEqual(before);
    expect(readdirSync(join(dataDir, "lost+found", "1970-01-01T000000Z"))).toEqual(["kv"]);
  });

  test("saves what can be read of damaged records", async () => {
    const id = await leftBehind();
    // All that was written lies in the log; the last deployment's record is behind the flipped bit.
    const path = join(dataDir, "terrarium.db-wal");
    const log = readFileSync(path);
    const at = 32 + Math.floor((log.length * 3) / 4);
    log[at] = (log[at] ?? 0) ^ 1;
    writeFileSync(path, log);
    expect(states()).toMatchObject({ records: "failure" });
    expect(rebuildDataDirectory(dataDir, 0)[0]).toContain("Wrote new records with 2 deployments");
    expect(text(await open(true).keyValue.open(id, QUOTA).get(bytes("key")))).toBe("0123456789");
  });
});
