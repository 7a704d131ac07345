import { afterEach, beforeEach, expect, test } from "vitest";
import { bytes, codeOf, deploy, QUOTA, text } from "../testing/fixtures.ts";
import type { DeploymentId, Store } from "../types.ts";
import { Connection } from "./connection.ts";
import { GLOBAL } from "./keys.ts";
import { loadRedisLibrary } from "./library.ts";
import { openRedisStore } from "./store.ts";
import { RedisServer } from "./testing/redis-server.ts";

let server: RedisServer;
let store: Store;

beforeEach(async () => {
  server = await RedisServer.start();
  store = await openRedisStore({ url: server.url, maxLogBytes: 1000 });
});
afterEach(async () => {
  server.thaw();
  await store.close();
  await server.stop();
});

test("a server that does not answer is an error after the deadline, and later calls work again", async () => {
  const id = await deploy(store);
  const kv = store.keyValue.open(id, QUOTA);
  server.freeze();
  // Without the deadline, the silence of the connection would end the call later, in other words.
  await expect(async () => kv.get(bytes("key"))).rejects.toThrow("no answer within 2000 ms");
  server.thaw();
  await answers(() => kv.get(bytes("key")));
  expect(await kv.insert(bytes("key"), bytes("value"))).toBe(true);
  expect(text(await kv.get(bytes("key")))).toBe("value");
});

test("without a server calls fail at once; with a new one on its port they work", async () => {
  const { port } = server;
  await server.stop();
  expect(await codeOf(() => store.deployments.list())).toBe("TER_STORE_UNAVAILABLE");
  server = await RedisServer.start([], port);
  await answers(() => store.deployments.list());
  expect(await store.deployments.list()).toEqual([]);
});

test("a removal that was cut short is finished and told by a sweep", async () => {
  const id = await deploy(store);
  const connection = new Connection(await loadRedisLibrary(), server.url);
  await connection.open();
  // As after the second of a removal's steps.
  await connection.call(["ZADD", GLOBAL.expiry, 0, id]);
  await connection.call(["DEL", `terrarium:{${id}}:record`]);
  const told: DeploymentId[] = [];
  store.deployments.onRemoved((gone) => void told.push(gone));
  expect(await store.deployments.sweep(Date.now())).toEqual([]);
  expect(told).toEqual([id]);
  expect(await connection.call(["ZCARD", GLOBAL.index])).toBe(0);
  expect(await connection.call(["ZCARD", GLOBAL.expiry])).toBe(0);
  connection.close();
});

test("a sweep spares what was promised a longer life than the index says", async () => {
  const nowMs = Date.now();
  const id = await deploy(store, { expiresAtMs: nowMs + 1000 });
  await store.deployments.update(id, { expiresAtMs: nowMs + 60_000 });
  const connection = new Connection(await loadRedisLibrary(), server.url);
  await connection.open();
  // As after an update that was cut short: the index has a time before the record's.
  await connection.call(["ZADD", GLOBAL.expiry, nowMs + 1000, id]);
  connection.close();
  expect(await store.deployments.sweep(nowMs + 2000)).toEqual([]);
  expect(await store.deployments.get(id)).toBeDefined();
  expect(await store.deployments.sweep(nowMs + 60_000)).toEqual([id]);
});

/** Waits until a call no longer fails. */
async function answers(call: () => unknown): Promise<void> {
  while ((await codeOf(call)) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
}
