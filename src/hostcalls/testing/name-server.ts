// A DNS server on loopback for tests, over UDP and TCP on one port. The test decides what it answers.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { CLASS_IN, readMessage, TYPE, type Question } from "../dns/message.ts";

/** A record of an answer: an address, or the name of an alias. */
export type TestRecord = { readonly name: string; readonly type: number; readonly data: Uint8Array };

/** What the server does with a query; null: no answer. */
export type Answering = (query: Buffer, question: Question, transport: "udp" | "tcp") => Uint8Array | null;

export interface NameServer {
  readonly port: number;
  /** Every query that arrived, with the port it came from. */
  readonly queries: {
    readonly bytes: Buffer;
    readonly fromPort: number;
    readonly transport: "udp" | "tcp";
  }[];
  close(): Promise<void>;
}

/** Starts the server. */
export async function startNameServer(answering: Answering): Promise<NameServer> {
  const queries: NameServer["queries"] = [];
  const answer = (bytes: Buffer, fromPort: number, transport: "udp" | "tcp") => {
    queries.push({ bytes, fromPort, transport });
    return answering(bytes, readMessage(bytes).questions[0]!, transport);
  };
  const tcp = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      const reply = answer(chunk.subarray(2), socket.remotePort ?? 0, "tcp");
      if (reply !== null)
        socket.end(Buffer.concat([Uint8Array.of(reply.length >> 8, reply.length & 0xff), reply]));
    });
  });
  const udp = await bindBoth(tcp);
  udp.on("message", (bytes, from) => {
    const reply = answer(bytes, from.port, "udp");
    if (reply !== null) udp.send(reply, from.port, from.address);
  });
  const { port } = udp.address();
  return {
    port,
    queries,
    close: async () => {
      udp.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
}

/** An answer to a query with these records. */
export function respond(query: Buffer, records: readonly TestRecord[], flags = 0x8180): Buffer {
  const {
    questions: [question],
  } = readMessage(query);
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(flags, 2);
  [1, records.length, 0, 0].forEach((count, index) => head.writeUInt16BE(count, 4 + index * 2));
  const asked = Buffer.concat([encodeName(question!.name), u16(question!.type), u16(question!.class)]);
  return Buffer.concat([head, asked, ...records.map(encodeRecord)]);
}

/** A record with an IPv4 or IPv6 address. */
export function addressRecord(name: string, bytes: readonly number[]): TestRecord {
  return { name, type: bytes.length === 4 ? TYPE.a : TYPE.aaaa, data: Uint8Array.from(bytes) };
}

/** An alias. */
export function aliasRecord(name: string, target: string): TestRecord {
  return { name, type: TYPE.cname, data: encodeName(target) };
}

/** A name without compression. */
export function encodeName(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Uint8Array.of(label.length), Buffer.from(label, "latin1")]),
    Uint8Array.of(0),
  ]);
}

function encodeRecord({ name, type, data }: TestRecord): Buffer {
  return Buffer.concat([
    encodeName(name),
    u16(type),
    u16(CLASS_IN),
    Uint8Array.of(0, 0, 0, 0),
    u16(data.length),
    data,
  ]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** The same port for both transports: another process may hold one of the two that the system picks. */
async function bindBoth(tcp: Server): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const udp = createSocket("udp4");
    try {
      udp.bind((tcp.address() as AddressInfo).port, "127.0.0.1");
      await once(udp, "listening");
      return udp;
    } catch (error) {
      udp.close();
      tcp.close();
      await once(tcp, "close");
      if (attempt === 10) throw error;
    }
  }
}
