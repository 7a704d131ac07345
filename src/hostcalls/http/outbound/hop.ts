// One hop of a request: a connection of its own, one request, one bounded answer. Connections are never
// reused: nothing that an upstream leaves on one can reach another request, and each hop passes the address
// check.
import { type Dispatcher, Client } from "undici";
import type { OutboundRequest, OutboundResponse } from "../../types.ts";
import { isFraming } from "../field-rules.ts";
import { headerPairs } from "../header-pairs.ts";
import { openConnection, type Connecting } from "./connect.ts";
import { decodeBody } from "./decode.ts";
import { OutboundFailure, toFailure } from "./failure.ts";

/** Bounds of one answer. */
export interface AnswerLimits {
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
}

/** Sends over the network. Rejects with OutboundFailure. */
export async function sendHop(
  connecting: Connecting,
  limits: AnswerLimits,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  const client = new Client(request.url.origin, {
    connect: (_options, handOver) => {
      openConnection(connecting, request.url, signal).then(
        (socket) => handOver(null, socket),
        (error: unknown) => handOver(toFailure(error), null),
      );
    },
    pipelining: 0,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const answer = await client.request(requestOptions(request, signal));
    return {
      status: answer.statusCode,
      headers: headerPairs(answer.headers as unknown as readonly string[]),
      body: await readBody(answer.body, limits.maxBodyBytes),
    };
  } catch (error) {
    throw toFailure(error);
  } finally {
    client.destroy().catch(() => {});
  }
}

/** An answer as guests get it: decoded, without what framed it on its way. */
export async function cleanAnswer(answer: OutboundResponse, maxBodyBytes: number): Promise<OutboundResponse> {
  if (answer.body.length > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const codings = answer.headers
    .filter(([name]) => name.toLowerCase() === "content-encoding")
    .map(([, value]) => value);
  const decoded = await decodeBody(codings, answer.body, maxBodyBytes).catch((error: unknown) => {
    throw toFailure(error);
  });
  const dropped = decoded === null ? [] : ["content-encoding", "content-length"];
  const headers = answer.headers.filter(([name]) => {
    const key = name.toLowerCase();
    return !dropped.includes(key) && (key === "content-length" || !isFraming(key));
  });
  return { status: answer.status, headers, body: decoded ?? answer.body };
}

function requestOptions(
  request: OutboundRequest,
  signal: AbortSignal,
): Dispatcher.RequestOptions & { responseHeaders: "raw" } {
  return {
    path: request.url.pathname + request.url.search,
    method: request.method as Dispatcher.HttpMethod,
    headers: request.headers.flat(),
    body: request.body.length === 0 ? null : request.body,
    signal,
    responseHeaders: "raw",
  };
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): OutboundFailure {
  return new OutboundFailure(`the answer is larger than ${maxBytes} bytes`);
}
