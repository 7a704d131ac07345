// Where guests must not get to, in every spelling and every way; the witness on loopback must see nothing.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TYPE } from "../../dns/message.ts";
import { createResolver } from "../../dns/resolver.ts";
import {
  addressRecord,
  aliasRecord,
  respond,
  startNameServer,
  type NameServer,
  type TestRecord,
} from "../../testing/name-server.ts";
import type { OutboundResponse } from "../../types.ts";
import { parseTarget } from "../target.ts";
import type { networkInterfaces } from "node:os";
import { createAddressPolicy, isPublic } from "./address-policy.ts";
import { formatIpAddress, parseIpAddress, parseBlock } from "./address.ts";
import { createOutbound, type OutboundOptions } from "./outbound.ts";

/** Hosts as they may appear in a URL; PORT is replaced with the witness's. */
const SPELLINGS = [
  "127.0.0.1:PORT",
  "127.1:PORT",
  "127.0.1:PORT",
  "127.0.0.1.:PORT",
  "127.8.8.8:PORT",
  "127.255.255.254:PORT",
  "0x7f.1:PORT",
  "0x7f000001:PORT",
  "0x7F.0x0.0x0.0x1:PORT",
  "2130706433:PORT",
  "017700000001:PORT",
  "0177.0.0.1:PORT",
  "0177.1:PORT",
  "127.0x1:PORT",
  "0:PORT",
  "00:PORT",
  "0x0:PORT",
  "0.0.0.0:PORT",
  "0.1:PORT",
  "localhost:PORT",
  "LOCALHOST:PORT",
  "localhost.:PORT",
  "a.localhost:PORT",
  "a.b.localhost.:PORT",
  "[::1]:PORT",
  "[0:0:0:0:0:0:0:1]:PORT",
  "[0000::0001]:PORT",
  "[::]:PORT",
  "[::ffff:127.0.0.1]:PORT",
  "[::ffff:7f00:1]:PORT",
  "[::FFFF:127.0.0.1]:PORT",
  "[0:0:0:0:0:ffff:7f00:1]:PORT",
  "[::127.0.0.1]:PORT",
  "[::7f00:1]:PORT",
  "[::ffff:0:127.0.0.1]:PORT",
  "[64:ff9b::127.0.0.1]:PORT",
  "[64:ff9b::7f00:1]:PORT",
  "[64:ff9b:1::7f00:1]:PORT",
  "[2002:7f00:1::]:PORT",
  "[2002:7f00:1::1]:PORT",
  "[2001:0:7f00:1::]:PORT",
  "[::ffff:0.0.0.0]:PORT",
  "[fe80::1]:PORT",
  "[fec0::1]:PORT",
  "[fc00::1]:PORT",
  "[fd00:ec2::254]:PORT",
  "[ff02::1]:PORT",
  "[2001:db8::1]:PORT",
  "[3fff::1]:PORT",
  "[100::1]:PORT",
  "[5f00::1]:PORT",
  "[2001:2::1]:PORT",
  "[::ffff:10.0.0.1]:PORT",
  "[::ffff:169.254.169.254]:PORT",
  "[64:ff9b::a9fe:a9fe]:PORT",
  "①②⑦.⓪.⓪.①:PORT",
  "127。0。0。1:PORT",
  "127．0．0．1:PORT",
  "127｡0｡0｡1:PORT",
  "１２７.0.0.1:PORT",
  "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT",
  "ｌｏｃａｌｈｏｓｔ:PORT",
  "%31%32%37.0.0.1:PORT",
  "127%2e0%2e0%2e1:PORT",
  "loc%61lhost:PORT",
  "example.com@127.0.0.1:PORT",
  "example.com:80@127.0.0.1:PORT",
  "127.0.0.1:PORT\\@example.com",
  "127.0.0.1:PORT#@example.com",
  "127.0.0.1:PORT?@example.com",
  "127.0.0.1:PORT/@example.com",
  "[::1%25lo]:PORT",
  "127.0.0.1%00.example.com:PORT",
  "10.0.0.1:PORT",
  "10.1:PORT",
  "0xa.1:PORT",
  "172.16.0.1:PORT",
  "172.31.255.255:PORT",
  "192.168.0.1:PORT",
  "0xc0a80001:PORT",
  "3232235521:PORT",
  "169.254.169.254:PORT",
  "2852039166:PORT",
  "0xa9fea9fe:PORT",
  "0251.0376.0251.0376:PORT",
  "100.64.0.1:PORT",
  "100.100.100.200:PORT",
  "192.0.0.192:PORT",
  "192.0.2.1:PORT",
  "192.88.99.1:PORT",
  "198.18.0.1:PORT",
  "198.51.100.1:PORT",
  "203.0.113.1:PORT",
  "224.0.0.1:PORT",
  "240.0.0.1:PORT",
  "255.255.255.255:PORT",
];

/** What a name server may answer. */
const ADDRESSES = [
  "127.0.0.1",
  "127.1.2.3",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "192.0.0.1",
  "192.0.2.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "2002:7f00:1::",
  "2001:0:7f00:1::",
  "fe80::1",
  "fc00::1",
  "fd12::1",
  "ff02::1",
  "2001:db8::1",
  "100::1",
];

const PUBLIC = [93, 184, 216, 34];
let witness: Server;
let port = 0;
let seen = 0;
let redirector: ReturnType<typeof createHttpServer>;
let location = "";
let names: NameServer;
let records: (name: string, type: number, count: number) => TestRecord[] = () => [];
let dialled: string[] = [];

const onSocket = (message: unknown) => {
  const { socket } = message as {
    socket: { once(event: "connectionAttempt", listener: (ip: string) => void): void };
  };
  socket.once("connectionAttempt", (ip) => dialled.push(ip));
};

beforeAll(async () => {
  witness = createServer((socket) => {
    seen += 1;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret");
  });
  witness.listen(0, "::");
  await once(witness, "listening");
  port = (witness.address() as AddressInfo).port;
  redirector = createHttpServer((_request, response) => response.writeHead(302, { location }).end());
  redirector.listen(0, "127.0.0.1");
  await once(redirector, "listening");
  const counts = new Map<string, number>();
  names = await startNameServer((query, { name, type }) => {
    counts.set(`${name} ${type}`, (counts.get(`${name} ${type}`) ?? 0) + 1);
    return respond(query, records(name, type, counts.get(`${name} ${type}`) ?? 0));
  });
  subscribe("net.client.socket", onSocket);
});

afterAll(async () => {
  unsubscribe("net.client.socket", onSocket);
  witness.close();
  redirector.close();
  await names.close();
});

beforeEach(() => {
  seen = 0;
  dialled = [];
});

function outbound(options: Partial<OutboundOptions> = {}) {
  const resolver = createResolver({
    server: { host: "127.0.0.1", port: names.port },
    random: (view) => crypto.getRandomValues(view as Uint8Array<ArrayBuffer>),
  });
  const { port: toPort } = redirector.address() as AddressInfo;
  return createOutbound({
    resolver,
    limits: { maxHeaderBytes: 32_768, maxBodyBytes: 1_000_000 },
    allowNet: [],
    caFiles: [],
    resolve: [{ name: "start.test", port: 80, address: "127.0.0.1", toPort }],
    ...options,
  }).forRun({ depth: 0, budget: { left: 0 } });
}

function get(
  url: string,
  options: Partial<OutboundOptions> = {},
  signal = new AbortController().signal,
): Promise<OutboundResponse> {
  const target = parseTarget(url);
  if (target === null) return Promise.reject(new Error("malformed"));
  return outbound(options).send(
    { method: "GET", url: target, headers: [], body: new Uint8Array(0) },
    { signal, spend: () => {}, receive: () => {} },
  );
}

describe("the witness", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "localhost",
    "0",
    "[::1]",
    "[::ffff:7f00:1]",
    "①②⑦.⓪.⓪.①",
    "a.test@127.0.0.1",
  ])("does see a connection to %s once the policy is off", async (host) => {
    const answer = await get(`http://${host}:${port}/`, { allowNet: ["0.0.0.0/0", "::/0"] });
    expect(Buffer.from(answer.body).toString()).toBe("secret");
    expect(seen).toBe(1);
  });
});

describe("a forbidden address", () => {
  it("has at least 60 spellings here", () => {
    expect(new Set(SPELLINGS).size).toBe(SPELLINGS.length);
    expect(SPELLINGS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(SPELLINGS)("cannot be reached directly as %s", async (spelling) => {
    for (const scheme of ["http", "https"])
      await expect(get(`${scheme}://${spelling.replace("PORT", String(port))}/`)).rejects.toThrow(
        /not a public|malformed/,
      );
    expect(dialled).toEqual([]);
    expect(seen).toBe(0);
  });

  it.each(SPELLINGS)("cannot be reached by a redirect to %s", async (spelling) => {
    location = Buffer.from(`http://${spelling.replace("PORT", String(port))}/`).toString("latin1");
    await expect(get("http://start.test/")).rejects.toThrow(/not a public|not lead to an http/);
    expect(dialled).toEqual(["127.0.0.1"]);
    expect(seen).toBe(0);
  });

  it.each(ADDRESSES)(
    "cannot be reached by a name, an alias, or an answer among public ones that hold %s",
    async (text) => {
      const bytes = [...parseIpAddress(text)!];
      const family = bytes.length === 4 ? TYPE.a : TYPE.aaaa;
      const own = (name: string, type: number) => (type === family ? [addressRecord(name, bytes)] : []);
      const ways: ((name: string, type: number) => TestRecord[])[] = [
        own,
        (name, type) => [
          aliasRecord(name, "b.test"),
          aliasRecord("b.test", "c.test"),
          ...own("c.test", type),
        ],
        (name, type) => (name === "b.test" ? own(name, type) : [aliasRecord(name, "b.test")]),
        (name, type) => [...(type === TYPE.a ? [addressRecord(name, PUBLIC)] : []), ...own(name, type)],
      ];
      for (const way of ways) {
        records = way;
        await expect(get(`http://a.test:${port}/`)).rejects.toThrow("not a public");
      }
      expect(dialled).toEqual([]);
      expect(seen).toBe(0);
    },
  );

  it("cannot be reached by a name that changes its answer after the check", async () => {
    records = (name, type, count) =>
      type === TYPE.a ? [addressRecord(name, count === 1 ? PUBLIC : [127, 0, 0, 1])] : [];
    const abort = new AbortController();
    const asking = get(`http://rebinding.test:${port}/`, {}, abort.signal).catch(() => null);
    while (dialled.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await asking;
    expect(dialled).toEqual(["93.184.216.34"]);
    expect(names.queries.filter(({ bytes }) => bytes.includes("rebinding"))).toHaveLength(2);
    expect(seen).toBe(0);
  });

  it("cannot be reached by a name with more than 256 addresses", async () => {
    records = (name, type) =>
      type === TYPE.a ? Array.from({ length: 300 }, () => addressRecord(name, PUBLIC)) : [];
    await expect(get(`http://many.test:${port}/`)).rejects.toThrow();
    expect(dialled).toEqual([]);
  });

  it("is not told to the guest", async () => {
    records = (name, type) => (type === TYPE.a ? [addressRecord(name, [10, 11, 12, 13])] : []);
    await expect(get("http://intern.test/")).rejects.toThrow(/^the address is not a public one$/);
  });
});

describe("addresses", () => {
  it.each([
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2001:200::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
  ])("%s is public", (text) => {
    expect(isPublic(parseIpAddress(text)!)).toBe(true);
  });

  it.each(ADDRESSES)("%s is not public", (text) => {
    expect(isPublic(parseIpAddress(text)!)).toBe(false);
  });

  it("keep their bytes through text", () => {
    for (const text of ["1.2.3.4", "::1", "2001:db8::8:0:1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8"]) {
      const bytes = parseIpAddress(text)!;
      expect([...parseIpAddress(formatIpAddress(bytes))!]).toEqual([...bytes]);
    }
    expect([...parseIpAddress("2001:db8::8:0:1")!]).toEqual([
      0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1,
    ]);
    for (const text of ["", "1.2.3", "a", "::1%lo", "1.2.3.4/8", "[1.2.3.4"])
      expect(parseIpAddress(text)).toBeNull();
  });

  it("of a block are told by its bits", () => {
    const policy = createAddressPolicy(["10.1.2.0/23", "fd00::/9"], () => []);
    const passes = (text: string) => policy.refusal(parseIpAddress(text)!, 80) === null;
    expect(["10.1.2.0", "10.1.3.255", "::ffff:10.1.2.3", "fd7f::1"].map(passes)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["10.1.1.255", "10.1.4.0", "fd80::1", "10.0.0.1"].map(passes)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    for (const text of ["10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "a/8"])
      expect(parseBlock(text)).toBeNull();
  });
});

describe("this machine", () => {
  const eth0 = { eth0: [{ address: "8.8.4.4" }, { address: "2606:4700::1%eth0" }] } as unknown as ReturnType<
    typeof networkInterfaces
  >;
  const refusal = (address: string, allowed: readonly string[] = []) =>
    createAddressPolicy(
      allowed,
      () => [],
      () => eth0,
    ).refusal(parseIpAddress(address)!, 80);

  it("is out of reach at its public addresses too, at any port", () => {
    expect(refusal("8.8.4.4")).toBe("the address belongs to this machine");
    expect(refusal("2606:4700::1")).toBe("the address belongs to this machine");
    expect(refusal("::ffff:8.8.4.4")).toBe("the address belongs to this machine");
    expect(refusal("8.8.8.8")).toBeNull();
  });

  it("is within reach where the operator names it", () => {
    expect(refusal("8.8.4.4", ["8.8.4.4/32"])).toBeNull();
  });
});

describe("what the operator grants", () => {
  it("a block opens its addresses and no others", async () => {
    expect((await get(`http://127.0.0.1:${port}/`, { allowNet: ["127.0.0.1/32"] })).status).toBe(200);
    await expect(get(`http://127.0.0.2:${port}/`, { allowNet: ["127.0.0.1/32"] })).rejects.toThrow(
      "not a public",
    );
  });

  it("a rule opens its name and port and no others", async () => {
    const resolve = [{ name: "api.test", port: 8080, address: "127.0.0.1", toPort: port }];
    expect((await get("http://API.test.:8080/", { resolve })).status).toBe(200);
    records = () => [];
    await expect(get("http://api.test/", { resolve })).rejects.toThrow("no address");
    await expect(get("http://x.api.test:8080/", { resolve })).rejects.toThrow("no address");
  });

  it.each(["127.0.0.1", "0.0.0.0", "::", "::1"])(
    "never opens the platform's own listener at %s",
    async (address) => {
      const ownEndpoints = () => [{ address, port }];
      const host = address === "::1" ? "[::1]" : "127.0.0.1";
      await expect(
        get(`http://${host}:${port}/`, { allowNet: ["0.0.0.0/0", "::/0"], ownEndpoints }),
      ).rejects.toThrow("belongs to the platform");
      const resolve = [
        { name: "api.test", port: 80, address: address === "::1" ? "::1" : "127.0.0.1", toPort: port },
      ];
      await expect(get("http://api.test/", { resolve, ownEndpoints })).rejects.toThrow(
        "belongs to the platform",
      );
      expect(seen).toBe(0);
    },
  );
});
