// The API's end of the conversation with the edges: a message becomes a Request, the Response a message.
// Framing is the messages' own; what a client wrote in its framing headers is left out.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { INTERNAL_PREFIX } from "../../edge/request/incoming.ts";
import type { Origin } from "../../edge/request/exchange.ts";
import { passableHeaders } from "../../edge/response/headers.ts";
import type { ReceivedRequest } from "../../edge/transport/server.ts";
import { TerrariumError } from "../../errors/index.ts";
import { problemResponse } from "./problem.ts";

/** What the API gets besides the Request: nothing in a Request can imitate it. */
export interface PassedFrom {
  /** The client; null: a process of the platform asks on its own behalf. */
  readonly client: Origin | null;
}

/** The API. Never rejects. */
export type Fetch = (request: Request, from: PassedFrom) => Response | Promise<Response>;

/** Header lines that the Request does not get as the client wrote them. */
const OURS: ReadonlySet<string> = new Set(["host", "expect"]);
/** Pieces of a body that are there at once make a response with a length. */
const MAX_PIECES_AT_ONCE = 3;

/** Answers a request that an edge passed on, or a process of the platform made. */
export async function answerPassed(fetch: Fetch, received: ReceivedRequest): Promise<void> {
  const gone = new AbortController();
  received.onGone(() => gone.abort());
  try {
    const response = await fetchFor(fetch, received, gone.signal);
    await sendResponse(received, response, gone.signal);
  } catch {
    // The body broke off on its way: whoever reads it must not take the part for the whole.
    received.destroy();
  }
}

async function fetchFor(fetch: Fetch, received: ReceivedRequest, signal: AbortSignal): Promise<Response> {
  let request: Request;
  try {
    request = requestOf(received, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problemResponse(new TerrariumError("TER_BAD_REQUEST", { reason }, { cause: error }));
  }
  return fetch(request, { client: received.head.client });
}

/** Throws TypeError for methods and authorities that no Request can have. */
function requestOf({ head, body }: ReceivedRequest, signal: AbortSignal): Request {
  const { method, target, authority, bodyBytes, client } = head;
  const path = target === "*" ? "/*" : target;
  const flat = passableHeaders(head.headers, (name) => !OURS.has(name) && !name.startsWith(INTERNAL_PREFIX));
  const headers = new Headers({ host: authority });
  for (let index = 0; index < flat.length; index += 2)
    headers.append(flat[index] as string, flat[index + 1] as string);
  if (bodyBytes !== null && bodyBytes > 0) headers.set("content-length", String(bodyBytes));
  const withBody = bodyBytes !== 0 && method !== "GET" && method !== "HEAD";
  return new Request(`${client?.scheme ?? "http"}://${authority}${path}`, {
    method,
    headers,
    signal,
    ...(withBody ? { body: bodyOf(body), duplex: "half" as const } : {}),
  });
}

function bodyOf(body: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(body) as unknown as ReadableStream<Uint8Array>;
}

async function sendResponse(
  received: ReceivedRequest,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const { status } = response;
  const announced = lengthOf(response);
  const headers = passableHeaders([...response.headers].flat(), (name) => name !== "content-length");
  if (response.body === null) {
    const contentLength = announced ?? (bodiless(received, status) ? null : 0);
    return received.send({ status, headers, bodyBytes: 0, contentLength }, new Uint8Array(0));
  }
  const reader = response.body.getReader();
  // A stream that waits for its next event is told at once that nobody listens any more.
  signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined), { once: true });
  const start = await readAtOnce(reader);
  if (start.next === null) {
    const body = Buffer.concat(start.pieces);
    const length = body.byteLength;
    return received.send({ status, headers, bodyBytes: length, contentLength: length }, body);
  }
  const writable = received.open({ status, headers, bodyBytes: announced, contentLength: announced });
  await pipeline(Readable.from(piecesOf(start.pieces, start.next, reader)), writable);
}

/** What a response says of its length; null if it does not. The framing of messages makes it true. */
function lengthOf({ headers }: Response): number | null {
  const announced = headers.get("content-length");
  return announced !== null && /^\d{1,15}$/.test(announced) ? Number(announced) : null;
}

function bodiless(received: ReceivedRequest, status: number): boolean {
  return received.head.method === "HEAD" || status === 204 || status === 304;
}

type Read = ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>;

/**
 * What of a body is there without waiting; `next`: the read that has to be waited for, null if that was all.
 */
async function readAtOnce(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ readonly pieces: Uint8Array[]; readonly next: Read | null }> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const next: Read = reader.read();
    if (pieces.length >= MAX_PIECES_AT_ONCE) return { pieces, next };
    const soon = new Promise<null>((resolve) => setImmediate(() => resolve(null)));
    const result = await Promise.race([next, soon]);
    if (result === null) return { pieces, next };
    if (result.done) return { pieces, next: null };
    pieces.push(result.value);
  }
}

async function* piecesOf(
  pieces: readonly Uint8Array[],
  next: Read,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* pieces;
  for (let result = await next; !result.done; result = await reader.read()) yield result.value;
}
