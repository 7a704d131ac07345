// The same request over HTTP/1.1, over TLS and over HTTP/2, and what differs between the answers.
import type { ClientHttp2Session } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ProgramAnswer } from "../../src/edge/program/types.ts";
import type { IncomingRequest } from "../../src/hostcalls/types.ts";
import { digestOf } from "../../src/store/digest.ts";
import { askHttp2, DOMAIN, openHttp2, respond, startTestEdge, type TestEdge } from "../edge/edge-fixture.ts";
import type { ProtocolRequest } from "./random-requests.ts";

const ID = "echo";

interface Answer {
  readonly status: number;
  /** What the program saw, or the text of a refusal. */
  readonly text: string;
}

/** A session that gets many malformed requests is closed, so each serves only a few. */
const REQUESTS_PER_SESSION = 20;

/** Sends each request to a program that tells what it got, and reports differences between the protocols. */
export async function differencesOf(
  requests: Iterable<ProtocolRequest>,
  report: (difference: string) => void,
): Promise<void> {
  await using test = await startTestEdge();
  await test.deploy(ID, tell);
  let session = openHttp2(test, ID);
  let count = 0;
  for (const request of requests) {
    if (++count % REQUESTS_PER_SESSION === 0) {
      session.close();
      session = openHttp2(test, ID);
    }
    const difference = await differenceOf(test, session, request);
    if (difference !== null) report(`${JSON.stringify(request)}: ${difference}`);
  }
  session.close();
}

/** What is part of the protocol, or of the connection, differs. */
const NOT_COMPARED = ["connection", "content-length", "host", "transfer-encoding"];

function tell({ method, path, headers, body }: IncomingRequest): ProgramAnswer {
  const told = headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOT_COMPARED.includes(name))
    .toSorted(([one], [two]) => (one < two ? -1 : Number(one > two)));
  return respond(200, JSON.stringify({ method, path, headers: told, body: digestOf(body) }));
}

async function differenceOf(
  test: TestEdge,
  session: ClientHttp2Session,
  request: ProtocolRequest,
): Promise<string | null> {
  const host = `${ID}.${DOMAIN}`;
  const plain = await overHttp1(createConnection(test.edge.httpPort, "127.0.0.1"), host, request);
  const tls = { host: "127.0.0.1", port: test.edge.httpsPort ?? 0, ca: test.ca, servername: host };
  const secured = await overHttp1(connectTls({ ...tls, ALPNProtocols: ["http/1.1"] }), host, request);
  if (!isSame(plain, secured)) return `HTTP/1.1 ${shown(plain)}, TLS ${shown(secured)}`;
  const second = await overHttp2(session, host, request);
  return isSame(plain, second) ? null : `HTTP/1.1 ${shown(plain)}, HTTP/2 ${shown(second)}`;
}

function isSame(one: Answer, two: Answer): boolean {
  if (one.status >= 400 && two.status >= 400) return true;
  return one.status === two.status && one.text === two.text;
}

function shown({ status, text }: Answer): string {
  return `${status} ${text.slice(0, 1500)}`;
}

async function overHttp1(socket: Socket, host: string, request: ProtocolRequest): Promise<Answer> {
  const { method, target, headers, body, announced } = request;
  const framing =
    body === null ? [] : [announced ? `content-length: ${body.length}` : "transfer-encoding: chunked"];
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${target} HTTP/1.1`, `host: ${host}`, "connection: close", ...lines, ...framing];
  const payload = body === null ? Buffer.alloc(0) : announced ? body : chunked(body);
  const received = await whole(
    socket,
    Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), payload]),
  );
  const text = received.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
  return { status: Number(text.slice(9, 12)), text: text.slice(text.indexOf("\r\n\r\n") + 4) };
}

function chunked(body: Buffer): Buffer {
  const size = Buffer.from(`${body.length.toString(16)}\r\n`);
  const last = Buffer.from("0\r\n\r\n");
  return body.length === 0 ? last : Buffer.concat([size, body, Buffer.from("\r\n"), last]);
}

function whole(socket: Socket, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => (received += piece));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
    socket.write(bytes);
  });
}

async function overHttp2(
  session: ClientHttp2Session,
  host: string,
  { method, target, headers, body, announced }: ProtocolRequest,
): Promise<Answer> {
  const fields: Record<string, string | string[]> = {
    ":method": method,
    ":path": target,
    ":authority": host,
    ":scheme": "https",
  };
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    fields[lower] = [...(fields[lower] ?? []), value];
  }
  if (body !== null && announced) fields["content-length"] = String(body.length);
  try {
    const { status, body: bytes } = await askHttp2(session, fields, body ?? undefined);
    return { status, text: bytes.toString("latin1") };
  } catch (error) {
    // What is no HTTP has no answer over HTTP/2 but the stream's error (RFC 9113 section 8.1.1).
    if (String(error).includes("NGHTTP2_PROTOCOL_ERROR")) return { status: 400, text: "" };
    throw error;
  }
}
