import { randomFillSync } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import {
  addressRecord,
  aliasRecord,
  encodeName,
  respond,
  startNameServer,
  type Answering,
  type NameServer,
} from "../testing/name-server.ts";
import { MalformedMessage, readMessage, TYPE } from "./message.ts";
import { encodeQuery, toHostName } from "./query.ts";
import { createResolver } from "./resolver.ts";

let server: NameServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const signal = () => new AbortController().signal;

async function resolverOn(
  answering: Answering,
  times: { readonly totalMs?: number; readonly retryMs?: number } = {},
) {
  server = await startNameServer(answering);
  return createResolver({
    server: { host: "127.0.0.1", port: server.port },
    random: (view) => randomFillSync(view),
    ...times,
  });
}

function guestQuery(name = "a.test", type: number = TYPE.a): Uint8Array {
  const query = encodeQuery(name, type);
  query.set([0x12, 0x34]);
  return query;
}

describe("messages", () => {
  it("of our own are well formed", () => {
    const message = readMessage(encodeQuery("a.b.test", TYPE.aaaa));
    expect(message).toMatchObject({
      isResponse: false,
      opcode: 0,
      questions: [{ name: "a.b.test", type: 28, class: 1 }],
    });
    expect(message.length).toBe(encodeQuery("a.b.test", TYPE.aaaa).length);
  });

  const head = (...counts: number[]) => [0, 1, 0x81, 0x80, ...counts.flatMap((count) => [0, count])];
  const question = [1, 0x61, 0, 0, 1, 0, 1];
  it.each([
    ["nothing", []],
    ["a header cut short", head(0, 0, 0, 0).slice(0, 11)],
    ["a question that is missing", head(1, 0, 0, 0)],
    ["a question cut short", [...head(1, 0, 0, 0), ...question.slice(0, 6)]],
    ["a name that points at itself", [...head(1, 0, 0, 0), 0xc0, 12, 0, 1, 0, 1]],
    ["a name that points forwards", [...head(1, 0, 0, 0), 0xc0, 20, 0, 1, 0, 1, 0, 0, 0, 0]],
    ["a name that points into the header", [...head(1, 0, 0, 0), 0xc0, 2, 0, 1, 0, 1]],
    [
      "names that point at each other",
      [...head(2, 0, 0, 0), 1, 0x61, 0xc0, 20, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1],
    ],
    ["a label of a reserved type", [...head(1, 0, 0, 0), 0x40, 0, 0, 1, 0, 1]],
    ["a label beyond the end", [...head(1, 0, 0, 0), 63, 0x61]],
    ["an answer that is missing", [...head(1, 1, 0, 0), ...question]],
    [
      "an address of 3 bytes",
      [...head(1, 1, 0, 0), ...question, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3],
    ],
    [
      "data beyond the end",
      [...head(1, 1, 0, 0), ...question, 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 9, 1, 2, 3],
    ],
    [
      "an alias with bytes behind its name",
      [...head(1, 1, 0, 0), ...question, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 3, 0xc0, 12, 0],
    ],
    ["a count of additional records that lies", [...head(1, 0, 0, 1), ...question]],
  ])("with %s are malformed", (_, bytes) => {
    expect(() => readMessage(Uint8Array.from(bytes))).toThrow(MalformedMessage);
  });

  it("with a name of 255 bytes are well formed, with one more not", () => {
    const name = (last: number) => [...encodeName(`${`${"a".repeat(63)}.`.repeat(3)}${"b".repeat(last)}`)];
    expect(
      readMessage(Uint8Array.from([...head(1, 0, 0, 0), ...name(61), 0, 1, 0, 1])).questions,
    ).toHaveLength(1);
    expect(() => readMessage(Uint8Array.from([...head(1, 0, 0, 0), ...name(62), 0, 1, 0, 1]))).toThrow(
      MalformedMessage,
    );
  });
});

describe("host names", () => {
  it.each([
    ["A.Test.", "a.test"],
    ["bücher.test", "xn--bcher-kva.test"],
    ["_x._tcp.test", "_x._tcp.test"],
  ])("%s is asked for as %s", (text, name) => {
    expect(toHostName(text)).toBe(name);
  });

  it.each([
    "",
    ".",
    "a..b",
    "a b",
    "a\0b.test",
    "a/b",
    "a:1",
    "x@y",
    "a\n.test",
    `${"a".repeat(64)}.test`,
    `${"a.".repeat(130)}test`,
    "[::1]",
    "%61.test",
  ])("%j is none", (text) => {
    expect(toHostName(text)).toBeNull();
  });
});

describe("raw queries", () => {
  it("carry a random id from a new port, and the answer carries the guest's id", async () => {
    const resolver = await resolverOn((query) => respond(query, [addressRecord("a.test", [1, 2, 3, 4])]));
    const query = guestQuery();
    for (let round = 0; round < 4; round += 1) {
      const answer = await resolver.raw(query, signal());
      expect([answer[0], answer[1]]).toEqual([0x12, 0x34]);
      expect([...readMessage(answer).answers[0]!.data]).toEqual([1, 2, 3, 4]);
    }
    expect([query[0], query[1]]).toEqual([0x12, 0x34]);
    const { queries } = server!;
    expect(new Set(queries.map(({ bytes }) => bytes.readUInt16BE(0))).size).toBeGreaterThan(2);
    expect(new Set(queries.map(({ fromPort }) => fromPort)).size).toBe(4);
    for (const { bytes } of queries) expect(bytes.subarray(2)).toEqual(Buffer.from(query.subarray(2)));
  });

  it.each([
    ["NXDOMAIN", 0x8183],
    ["SERVFAIL", 0x8182],
    ["REFUSED", 0x8185],
  ])("succeed with %s", async (_, flags) => {
    const resolver = await resolverOn((query) => respond(query, [], flags));
    expect(readMessage(await resolver.raw(guestQuery(), signal())).code).toBe(flags & 0xf);
  });

  it("come back without trailing bytes", async () => {
    const resolver = await resolverOn((query) =>
      Buffer.concat([respond(query, []), Buffer.from("trailing")]),
    );
    const answer = await resolver.raw(guestQuery(), signal());
    expect(answer.length).toBe(readMessage(answer).length);
  });

  it("go over TCP if the answer is truncated", async () => {
    const many = Array.from({ length: 200 }, (_, index) => addressRecord("a.test", [1, 2, 3, index]));
    const resolver = await resolverOn((query, _, transport) =>
      transport === "udp" ? respond(query, [], 0x8380) : respond(query, many),
    );
    expect(readMessage(await resolver.raw(guestQuery(), signal())).answers).toHaveLength(200);
    expect(server?.queries.map(({ transport }) => transport)).toEqual(["udp", "tcp"]);
  });

  it("go over TCP if the answer is cut inside a record", async () => {
    const record = addressRecord("a.test", [1, 2, 3, 4]);
    const resolver = await resolverOn((query, _, transport) => {
      const whole = respond(query, [record], transport === "udp" ? 0x8380 : 0x8180);
      return transport === "udp" ? whole.subarray(0, -3) : whole;
    });
    expect(readMessage(await resolver.raw(guestQuery(), signal())).answers).toHaveLength(1);
    expect(server?.queries.map(({ transport }) => transport)).toEqual(["udp", "tcp"]);
  });

  it("ignore an answer with another id or question, and accept the right one after it", async () => {
    const resolver = await resolverOn(
      (query) => {
        const wrong = respond(query, []);
        wrong.writeUInt16BE(wrong.readUInt16BE(0) ^ 1, 0);
        return wrong;
      },
      { totalMs: 60, retryMs: 30 },
    );
    await expect(resolver.raw(guestQuery(), signal())).rejects.toThrow("did not answer in time");
    await server?.close();
    const other = await resolverOn(
      (query) => {
        const wrong = respond(query, []);
        wrong[13] = 0x7a;
        return wrong;
      },
      { totalMs: 60, retryMs: 30 },
    );
    await expect(other.raw(guestQuery(), signal())).rejects.toThrow("did not answer in time");
  });

  it("fail if the answer is malformed", async () => {
    const resolver = await resolverOn((query) =>
      respond(query, [addressRecord("a.test", [1, 2, 3, 4])]).subarray(0, -1),
    );
    await expect(resolver.raw(guestQuery(), signal())).rejects.toThrow(MalformedMessage);
  });

  it("are repeated, with another id from another port, if no answer comes", async () => {
    let count = 0;
    const resolver = await resolverOn((query) => ((count += 1) === 1 ? null : respond(query, [])), {
      retryMs: 20,
    });
    await resolver.raw(guestQuery(), signal());
    expect(server?.queries).toHaveLength(2);
    expect(server?.queries[0]?.fromPort).not.toBe(server?.queries[1]?.fromPort);
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    [
      "a response",
      (() => {
        const query = guestQuery();
        query[2] = 0x81;
        return query;
      })(),
    ],
    [
      "an update",
      (() => {
        const query = guestQuery();
        query[2] = 0x28;
        return query;
      })(),
    ],
    [
      "two questions",
      (() => {
        const query = guestQuery();
        query[5] = 2;
        return query;
      })(),
    ],
    ["no question", Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    ["trailing bytes", Buffer.concat([guestQuery(), Buffer.from([0])])],
    ["too many bytes", new Uint8Array(4097)],
  ])("that are %s never leave", async (_, query) => {
    const resolver = await resolverOn((bytes) => respond(bytes, []));
    await expect(resolver.raw(query, signal())).rejects.toThrow(MalformedMessage);
    expect(server?.queries).toHaveLength(0);
  });

  it("end with the signal", async () => {
    const resolver = await resolverOn(() => null);
    const abort = new AbortController();
    const asking = resolver.raw(guestQuery(), abort.signal);
    abort.abort();
    await expect(asking).rejects.toThrow();
  });
});

describe("addresses", () => {
  it("are 4 or 16 bytes each, at the end of a chain of aliases", async () => {
    const v6 = [0x20, 1, 0xd, 0xb8, ...new Uint8Array(11), 1];
    const resolver = await resolverOn((query, question) =>
      respond(query, [
        aliasRecord("a.test", "b.test"),
        aliasRecord("b.test", "c.test"),
        addressRecord("c.test", question.type === TYPE.a ? [1, 2, 3, 4] : v6),
        addressRecord("other.test", [9, 9, 9, 9]),
      ]),
    );
    expect(await resolver.addresses("A.test.", false, signal())).toEqual([Uint8Array.of(1, 2, 3, 4)]);
    expect(await resolver.addresses("a.test", true, signal())).toEqual([Uint8Array.from(v6)]);
  });

  it("are looked up at the alias if the server leaves that to us", async () => {
    const resolver = await resolverOn((query, { name }) =>
      respond(query, [
        name === "a.test" ? aliasRecord("a.test", "b.test") : addressRecord("b.test", [1, 2, 3, 4]),
      ]),
    );
    expect(await resolver.addresses("a.test", false, signal())).toEqual([Uint8Array.of(1, 2, 3, 4)]);
  });

  it.each([
    ["none", () => []],
    ["an alias of itself", () => [aliasRecord("a.test", "a.test")]],
    ["aliases in a circle", ({ name }: { name: string }) => [aliasRecord(name, `x${name}`)]],
    ["only those of another name", () => [addressRecord("b.test", [1, 2, 3, 4])]],
  ])("are a failure if there is %s", async (_, records) => {
    const resolver = await resolverOn((query, question) => respond(query, records(question)));
    await expect(resolver.addresses("a.test", false, signal())).rejects.toThrow("no such address");
    expect(server?.queries.length).toBeLessThan(12);
  });

  it.each([
    [256, true],
    [257, false],
  ])("of %i for one name: passes is %s", async (count, passes) => {
    const records = Array.from({ length: count }, (_, index) =>
      addressRecord("a.test", [1, 2, index >> 8, index & 0xff]),
    );
    const resolver = await resolverOn((query) => respond(query, records));
    const addresses = resolver.addresses("a.test", false, signal());
    if (passes) expect(await addresses).toHaveLength(256);
    else await expect(addresses).rejects.toThrow("more than 256 addresses");
  });

  it("of a literal are itself in its own family", async () => {
    const resolver = await resolverOn(() => null);
    expect(await resolver.addresses("10.0.0.1", false, signal())).toEqual([Uint8Array.of(10, 0, 0, 1)]);
    await expect(resolver.addresses("10.0.0.1", true, signal())).rejects.toThrow("not a host name");
    await expect(resolver.addresses("a\0b", false, signal())).rejects.toThrow("not a host name");
    expect(server?.queries).toHaveLength(0);
  });
});
