// Programs' responses in a coding that the client understands, unless the program has chosen one or forbids
// it.
import type { Exchange } from "../request/exchange.ts";
import { type Coding, codingFor, encode, isCompressible, varies } from "./encoding.ts";

/** A response of a program on its way to its client. */
export interface ProgramResponse {
  readonly status: number;
  /** Flat. */
  readonly headers: string[];
  readonly body: Uint8Array;
}

/**
 * The response in a coding; null where it goes out as it is. Requests of other programs are never answered in
 * one: they would have to decode it.
 */
export function inCoding(exchange: Exchange, response: ProgramResponse): Promise<ProgramResponse> | null {
  const { status, headers, body } = response;
  if (exchange.depth > 0 || !isCompressible(valueOf(headers, "content-type"), body.byteLength)) return null;
  if (status === 206 || valueOf(headers, "content-encoding") !== undefined) return null;
  if (forbidsChange(headers) || forbidsChange(exchange.rawHeaders)) return null;
  const coding = codingFor(exchange.header("accept-encoding"));
  return coding === null ? null : encoded(response, coding);
}

async function encoded(response: ProgramResponse, coding: Coding): Promise<ProgramResponse> {
  const { status, headers, body } = response;
  const bytes = await encode(coding, body);
  if (bytes === null || bytes.byteLength >= body.byteLength) return response;
  return { status, headers: [...varies(weaken(headers)), "content-encoding", coding], body: bytes };
}

/** Whether either side wants the body as it is (RFC 9110 section 7.7). */
function forbidsChange(headers: readonly string[]): boolean {
  return valueOf(headers, "cache-control")?.toLowerCase().includes("no-transform") ?? false;
}

/** A strong validator is of the bytes that the program sent, and only of those. */
function weaken(headers: readonly string[]): string[] {
  return headers.map((value, index) =>
    index % 2 === 1 && headers[index - 1]?.toLowerCase() === "etag" && value.startsWith('"')
      ? `W/${value}`
      : value,
  );
}

function valueOf(flat: readonly string[], name: string): string | undefined {
  for (let index = 0; index < flat.length; index += 2)
    if (flat[index]?.toLowerCase() === name) return flat[index + 1];
  return undefined;
}
