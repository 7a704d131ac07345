// The requesting end. It opens a new connection for each request: that is cheap over a Unix socket, and a
// connection to a process that was just replaced is never reused.
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { Reason } from "../../errors/index.ts";
import { readResponseHead, type RequestHead, type ResponseHead } from "./heads.ts";
import { MessageSocket } from "./message-socket.ts";

/** The outcome of a request. */
export interface ResponseListener {
  /** The body ends with an error if the other end cuts it off. */
  response(head: ResponseHead, body: Readable): void;
  /** The connection ended without a response. */
  unanswered(): void;
}

/**
 * Sends a request to the process behind a socket path, or over a connection to it. Returns a function that
 * ends the exchange.
 */
export function converse(
  to: string | Socket,
  head: RequestHead,
  body: Readable | null,
  listener: ResponseListener,
): () => void {
  const socket = typeof to === "string" ? connect(to) : to;
  let answered = false;
  const message: MessageSocket<ResponseHead> = new MessageSocket(socket, {
    read: readResponseHead,
    head(response) {
      answered = true;
      message.incoming.once("end", () => {
        // The rest of an unwanted body is discarded, as any server would.
        if (body !== null && !body.readableEnded) body.unpipe().resume();
        socket.destroy();
      });
      listener.response(response, message.incoming);
    },
  });
  socket.on("close", () => {
    if (body !== null && !body.readableEnded) body.unpipe().resume();
    if (!answered) listener.unanswered();
  });
  if (body === null) message.send(head, new Uint8Array(0));
  else {
    const sink = message.open(head);
    sink.on("error", () => undefined);
    body.pipe(sink);
    // The client disconnected in the middle of its body: the other end must not mistake the part for the
    // whole.
    body.on("error", () => socket.destroy());
    body.on("close", () => {
      if (!body.readableEnded && !answered) socket.destroy();
    });
  }
  return () => socket.destroy();
}

/** Largest response to a request between processes. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** The body of another process's response. Rejects unless it is a 200 in time. */
export function ask(
  socketPath: string,
  method: "GET" | "POST",
  target: string,
  body: string,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const headers = bytes.length === 0 ? [] : ["content-type", "application/json"];
    const head = { method, target, authority: "localhost", headers, bodyBytes: bytes.length, client: null };
    const end = converse(socketPath, head, bytes.length === 0 ? null : Readable.from([bytes]), {
      unanswered: () => fail("no answer"),
      response({ status }, answer) {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) fail("the answer is too long");
          else chunks.push(chunk);
        });
        answer.on("error", () => fail("the answer was cut off"));
        answer.on("end", () => {
          clearTimeout(timer);
          if (status === 200) resolve(Buffer.concat(chunks).toString());
          else reject(new Reason(`status ${status}`));
        });
      },
    });
    const fail = (reason: string) => {
      clearTimeout(timer);
      end();
      reject(new Reason(reason));
    };
    const timer = setTimeout(() => fail("no answer in time"), timeoutMs);
  });
}
