// The responding end: one request per connection to a Unix socket.
import { createServer, type Server, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { readRequestHead, type RequestHead, type ResponseHead } from "./heads.ts";
import { MessageSocket } from "./message-socket.ts";

/** A process that connects sends its head at once. */
const HEAD_TIMEOUT_MS = 10_000;
/** The requester closes when it has the whole response; closing earlier could lose the last bytes. */
const LINGER_MS = 10_000;

/** A request from another process, and the means to answer it. */
export interface ReceivedRequest {
  readonly head: RequestHead;
  readonly body: Readable;
  /** Sends a whole response. */
  send(head: ResponseHead, body: Uint8Array): void;
  /** Starts a response whose body follows piece by piece. */
  open(head: ResponseHead): Writable;
  /** Calls the listener when the other end is gone before the response is complete. */
  onGone(listener: () => void): void;
  destroy(): void;
}

/** A server that is not listening yet. Anything but a message ends its connection. */
export interface MessageServer {
  readonly server: Server;
  /** Ends all connections. */
  destroy(): void;
}

export function createMessageServer(handler: (request: ReceivedRequest) => void): MessageServer {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.setTimeout(HEAD_TIMEOUT_MS, () => socket.destroy());
    receive(socket, handler);
  });
  return {
    server,
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function receive(socket: Socket, handler: (request: ReceivedRequest) => void): void {
  let answered = false;
  const over = () => {
    answered = true;
    if (!message.incoming.readableEnded) message.incoming.destroy();
    socket.setTimeout(LINGER_MS);
  };
  const message: MessageSocket<RequestHead> = new MessageSocket<RequestHead>(socket, {
    read: readRequestHead,
    head(head) {
      socket.setTimeout(0);
      handler({
        head,
        body: message.incoming,
        send(response, body) {
          message.send(response, body);
          over();
        },
        open: (response) => message.open(response).once("finish", over),
        onGone(listener) {
          socket.once("close", () => {
            if (!answered) listener();
          });
        },
        destroy: () => message.destroy(),
      });
    },
  });
}
