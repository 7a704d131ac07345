// Stands where the supervisor stands: a socket that takes what edges pass on.
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { converse } from "../../src/edge/transport/client.ts";
import type { RequestHead, ResponseHead } from "../../src/edge/transport/heads.ts";
import { createMessageServer, type ReceivedRequest } from "../../src/edge/transport/server.ts";

/** A control socket with an answer of the test's own. */
export async function openControl(
  socketPath: string,
  answer: (request: ReceivedRequest) => void,
): Promise<AsyncDisposable> {
  mkdirSync(dirname(socketPath), { recursive: true });
  rmSync(socketPath, { force: true });
  const { server, destroy } = createMessageServer(answer);
  server.listen(socketPath);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      destroy();
      await closed;
    },
  };
}

export async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers with text. */
export function sendText(
  request: ReceivedRequest,
  status: number,
  text: string,
  headers: readonly string[] = [],
): void {
  const body = Buffer.from(text);
  request.send({ status, headers, bodyBytes: body.length, contentLength: body.length }, body);
}

/** Asks a socket as an edge does. Undefined if the connection ends without an answer. */
export function askSocket(
  socketPath: string,
  head: RequestHead,
): Promise<{ readonly head: ResponseHead; readonly text: string } | undefined> {
  return new Promise((resolve, reject) => {
    converse(socketPath, head, null, {
      unanswered: () => resolve(undefined),
      response: (answered, body) =>
        void bytesOf(body).then((bytes) => resolve({ head: answered, text: bytes.toString() }), reject),
    });
  });
}

/** Sends bytes as they are; what comes back until the other end closes. */
export function sendToSocket(socketPath: string, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error),
    );
    socket.on("close", () => resolve(Buffer.concat(chunks)));
    socket.write(bytes);
  });
}
