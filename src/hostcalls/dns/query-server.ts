// One query to one server: over UDP from a new port, and over TCP if the answer does not fit.
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import type { ListenAddress } from "../../config/index.ts";
import { MalformedMessage, readMessage, type Message } from "./message.ts";
import { Reason } from "../../errors/index.ts";

/** An answer that matches its query, cut at the end of its last record. */
export interface DnsAnswer {
  readonly bytes: Uint8Array;
  readonly message: Message;
}

/**
 * Sends a query (with the id to be used on the wire) and waits for its answer until the signal ends. Rejects
 * on any failure.
 */
export async function queryServer(
  server: ListenAddress,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  const answer = await overUdp(server, query, signal);
  return answer === "truncated" ? overTcp(server, query, signal) : answer;
}

/** The kernel picks a random port; a connected socket takes packets of the server alone. */
function overUdp(
  server: ListenAddress,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<DnsAnswer | "truncated"> {
  const asked = readMessage(query);
  const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
  return ended(
    signal,
    () => socket.close(),
    (resolve, reject) => {
      socket.on("error", () => reject(new Reason("the DNS server cannot be reached")));
      socket.on("message", (bytes) => {
        try {
          const answer = isTruncated(asked, bytes) ? "truncated" : readAnswer(asked, bytes);
          if (answer !== null) resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
      socket.connect(server.port, server.host, () => socket.send(query));
    },
  );
}

function overTcp(server: ListenAddress, query: Uint8Array, signal: AbortSignal): Promise<DnsAnswer> {
  const asked = readMessage(query);
  const socket = connect({ host: server.host, port: server.port, noDelay: true });
  let received = Buffer.alloc(0);
  return ended(
    signal,
    () => socket.destroy(),
    (resolve, reject) => {
      socket.on("error", () => reject(new Reason("the DNS server cannot be reached")));
      socket.on("close", () => reject(new Reason("the DNS server closed the connection")));
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
        try {
          const answer = readAnswer(asked, received.subarray(2, 2 + received.readUInt16BE(0)));
          if (answer === null) reject(new MalformedMessage("the answer belongs to another query"));
          else resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
      socket.write(Buffer.concat([Uint8Array.of(query.length >> 8, query.length & 0xff), query]));
    },
  );
}

/**
 * The answer if it belongs to the query, null if it does not; throws MalformedMessage if it does and breaks
 * the rules.
 */
function readAnswer(asked: Message, bytes: Uint8Array): DnsAnswer | null {
  if (bytes.length < 2 || (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) !== asked.id) return null;
  const message = readMessage(bytes);
  if (!message.isResponse || message.opcode !== asked.opcode || !isSameQuestion(asked, message)) return null;
  return { bytes: new Uint8Array(bytes.subarray(0, message.length)), message };
}

/** Whether an answer to the query says that it did not fit. It may end anywhere, inside a record as well. */
function isTruncated({ id, opcode }: Message, bytes: Uint8Array): boolean {
  const [high = 0, low = 0, flags = 0] = bytes;
  const isAnswer = ((high << 8) | low) === id && (flags & 0x80) !== 0 && ((flags >> 3) & 0xf) === opcode;
  return isAnswer && (flags & 0x02) !== 0;
}

/** Servers that refuse a query may leave the question out (RFC 1035, format error). */
function isSameQuestion(asked: Message, answered: Message): boolean {
  if (answered.questions.length === 0) return answered.code !== 0;
  const [one] = asked.questions;
  const [other] = answered.questions;
  return (
    answered.questions.length === 1 &&
    one?.name === other?.name &&
    one?.type === other?.type &&
    one?.class === other?.class
  );
}

/** A promise that cleans up when it settles, and rejects when the signal aborts. */
function ended<Value>(
  signal: AbortSignal,
  close: () => void,
  start: (resolve: (value: Value) => void, reject: (error: unknown) => void) => void,
): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const end = () => reject(new Reason("the DNS server did not answer in time"));
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    start(resolve, reject);
  }).finally(close);
}
