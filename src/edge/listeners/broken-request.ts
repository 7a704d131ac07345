// Responses to what Node's parser refuses: there is no request then, only a socket.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { TerrariumError } from "../../errors/index.ts";
import { type HeadLimits, malformed } from "../request/head.ts";

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

function errorOf(error: ParserError, limits: RefusedBy): TerrariumError {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return new TerrariumError("TER_EDGE_TIMEOUT");
  if (error.code !== "HPE_HEADER_OVERFLOW") return malformed(error.reason ?? "it is not HTTP/1.1");
  // A first packet without a line end by this point is one long request line.
  const lineEnd = error.rawPacket?.indexOf("\n") ?? 0;
  if (lineEnd === -1 || lineEnd > limits.urlBytes)
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
