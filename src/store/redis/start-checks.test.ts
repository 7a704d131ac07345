import { afterEach, expect, test } from "vitest";
import { codeOf } from "../testing/fixtures.ts";
import { Connection } from "./connection.ts";
import { GLOBAL } from "./keys.ts";
import { loadRedisLibrary } from "./library.ts";
import { openRedisStore } from "./store.ts";
import { RedisServer } from "./testing/redis-server.ts";

const servers: RedisServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(...options: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  servers.push(server);
  return server;
}

async function commandOn(server: RedisServer, command: readonly string[]): Promise<unknown> {
  const connection = new Connection(await loadRedisLibrary(), server.url);
  await connection.open();
  try {
    return await connection.call(command);
  } finally {
    connection.close();
  }
}

async function opening(url: string): Promise<string> {
  try {
    await (await openRedisStore({ url, maxLogBytes: 1000 })).close();
    return "opened";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.each(["allkeys-lru", "volatile-ttl"])(
  "a server that would evict keys by %s is refused",
  async (policy) => {
    const server = await serve("--maxmemory-policy", policy);
    expect(await opening(server.url)).toContain(`its maxmemory-policy is "${policy}"`);
    expect(await commandOn(server, ["DBSIZE"])).toBe(0);
  },
);

test("a replica is refused", async () => {
  const primary = await serve();
  const replica = await serve("--replicaof", "127.0.0.1", String(primary.port));
  expect(await opening(replica.url)).toContain("it is a replica");
});

test("a server in cluster mode is refused", async () => {
  const server = await serve("--cluster-enabled", "yes");
  expect(await opening(server.url)).toContain('it runs in mode "cluster"');
});

test("a store of a later format is refused and left as it is", async () => {
  const server = await serve();
  expect(await opening(server.url)).toBe("opened");
  await commandOn(server, ["SET", GLOBAL.format, "2"]);
  expect(await codeOf(() => openRedisStore({ url: server.url, maxLogBytes: 1000 }))).toBe(
    "TER_STORE_NEWER_FORMAT",
  );
  expect(String(await commandOn(server, ["GET", GLOBAL.format]))).toBe("2");
});

test("without a server, and with a wrong password, the error says why and not the password", async () => {
  const server = await serve("--requirepass", "right");
  const { port } = server;
  const wrong = `redis://:wrong-secret@127.0.0.1:${port}`;
  expect(await codeOf(() => openRedisStore({ url: wrong, maxLogBytes: 1000 }))).toBe("TER_STORE_UNAVAILABLE");
  expect(await opening(wrong)).toContain("WRONGPASS");
  expect(await opening(`redis://:right@127.0.0.1:${port}`)).toBe("opened");
  await server.stop();
  const refused = await opening(wrong);
  expect(refused).toContain("ECONNREFUSED");
  expect(refused).not.toContain("wrong-secret");
});

test("a user of an access-control list opens the store, with no right beyond its keys", async () => {
  const server = await serve();
  await commandOn(server, [
    "ACL",
    "SETUSER",
    "edge",
    "on",
    ">pass",
    "~terrarium:*",
    "+@all",
    "-@dangerous",
    "+info",
  ]);
  expect(await opening(`redis://edge:pass@127.0.0.1:${server.port}`)).toBe("opened");
});
