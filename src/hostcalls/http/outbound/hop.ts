// One hop of a request: its own connection, one request, one limited response. Connections are never reused,
// so nothing that an upstream leaves on one can reach another request, and each hop passes the address check.
import type { Socket } from "node:net";
import type { OutboundRequest, OutboundResponse } from "../../types.ts";
import { isFraming } from "../field-rules.ts";
import { openConnection, type Connecting } from "./connect.ts";
import { decodeBody } from "./decode.ts";
import { toFailure } from "./failure.ts";
import { requestBytes } from "./request-text.ts";
import { ResponseReader, tooLarge, type ResponseLimits } from "./response-reader.ts";

/** Sends over the network. Rejects with OutboundFailure. */
export async function sendHop(
  connecting: Connecting,
  limits: ResponseLimits,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  let socket: Socket | undefined;
  try {
    const bytes = requestBytes(request);
    socket = await openConnection(connecting, request.url, signal);
    const reader = new ResponseReader(limits, request.method);
    const answer = await converse(socket, bytes, reader, signal);
    const body = await decodeBody(reader.transferCodings, answer.body, limits.maxBodyBytes);
    return body === null ? answer : { ...answer, body };
  } catch (error) {
    throw toFailure(error);
  } finally {
    socket?.destroy();
  }
}

/** Sends the request and reads until the response is complete. */
function converse(
  socket: Socket,
  request: Uint8Array,
  reader: ResponseReader,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const attempt = (step: () => boolean) => {
      try {
        if (step()) resolve(reader.response);
      } catch (error) {
        reject(error);
      }
    };
    const ended = () => attempt(() => (reader.end(), true));
    socket.on("data", (chunk: Buffer) => attempt(() => reader.push(chunk)));
    socket.on("end", ended).on("close", ended).on("error", reject);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    else socket.write(request);
  });
}

/** An answer as guests get it: decoded, without what framed it or belonged to its connection. */
export async function cleanAnswer(answer: OutboundResponse, maxBodyBytes: number): Promise<OutboundResponse> {
  if (answer.body.length > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const valuesOf = (wanted: string) =>
    answer.headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const decoded = await decodeBody(valuesOf("content-encoding"), answer.body, maxBodyBytes).catch(
    (error: unknown) => {
      throw toFailure(error);
    },
  );
  const nominated = valuesOf("connection").flatMap((value) => value.split(","));
  const dropped = new Set(nominated.map((name) => name.trim().toLowerCase()));
  if (decoded !== null) for (const name of ["content-encoding", "content-length"]) dropped.add(name);
  const headers = answer.headers.filter(([name]) => {
    const key = name.toLowerCase();
    return !dropped.has(key) && (key === "content-length" || !isFraming(key));
  });
  return { status: answer.status, headers, body: decoded ?? answer.body };
}
