// Responses to what Node's parser refuses: there is no request then, only a socket.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { TerrariumError } from "../../errors/index.ts";
import { type HeadLimits, malformed, refusedCoding } from "../request/head.ts";

interface ParserError extends Error {
  readonly code?: string;
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

type RefusedBy = Pick<HeadLimits, "urlBytes" | "headerBytes">;

/** Sends an error and closes; a socket that is already responding is only closed. */
export function answerBrokenRequest(error: ParserError, socket: Socket, limits: RefusedBy): void {
  const answering =
    (socket as { _httpMessage?: { headersSent?: boolean } | null })._httpMessage?.headersSent === true;
  if (answering || !socket.writable || error.code === "ECONNRESET") socket.destroy();
  else end(socket, errorOf(error, limits));
}

/** CONNECT asks for a tunnel, which is not supported. */
export function refuseConnect(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  end(socket, new TerrariumError("TER_EDGE_NO_UPGRADE"));
}

/** A request line of a method that Node's parser does not know. */
const METHOD_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP\/1\.\d\r?$/m;
const REQUEST_LINE = /^[A-Z-]{3,20} ([\x21-\x7e]+)/;
/** Of llhttp, unlike that of a content-length beside it. */
const INVALID_CODING = "Request has invalid";
const TRANSFER_ENCODING = /^transfer-encoding:[ \t]*([^\r\n]*)/im;
const START_BYTES = 1024;

/** The first bytes of the packet that the parser refused. */
function startOf({ rawPacket }: ParserError, bytes = START_BYTES): string {
  return rawPacket?.subarray(0, bytes).toString("latin1") ?? "";
}

function errorOf(error: ParserError, limits: RefusedBy): TerrariumError {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return new TerrariumError("TER_EDGE_TIMEOUT");
  if (error.code === "HPE_INVALID_METHOD" && METHOD_LINE.test(startOf(error)))
    return new TerrariumError("TER_EDGE_NOT_IMPLEMENTED", { what: "method" });
  if (error.code === "HPE_INVALID_TRANSFER_ENCODING" && error.reason?.startsWith(INVALID_CODING) === true)
    return refusedCoding(TRANSFER_ENCODING.exec(startOf(error, limits.headerBytes))?.[1] ?? "chunked");
  if (error.code !== "HPE_HEADER_OVERFLOW") return malformed(error.reason ?? "it is not HTTP/1.1");
  // Only a packet that begins with a request line says how long that is; whatever else overflows is headers.
  const line = REQUEST_LINE.exec(startOf(error, limits.urlBytes * 2));
  if ((line?.[1]?.length ?? 0) > limits.urlBytes)
    return new TerrariumError("TER_EDGE_URL_TOO_LONG", { allowed: limits.urlBytes });
  return new TerrariumError("TER_EDGE_HEADERS_TOO_LARGE", {
    allowed: limits.headerBytes,
    unit: "bytes",
    limit: "headerBytes",
  });
}

function end(socket: Socket, error: TerrariumError): void {
  const body = `${error.text}\n`;
  socket.end(
    `HTTP/1.1 ${error.status} ` +
      `${STATUS_CODES[error.status] ?? "Error"}\r\nconnection: ` +
      `close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `x-content-type-options: nosniff\r\nx-terrarium-error: ` +
      `${error.code}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
