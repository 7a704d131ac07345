// One end of a connection between processes: a Unix socket on which one message goes each way. Both ends use
// this class, so both follow the same rules.
import type { Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { Reason } from "../../errors/index.ts";
import { dataPrefix, endFrame, headFrame, MAX_DATA_BYTES, MessageReader } from "./frames.ts";

/** Events for a received message. */
export interface MessageListener<Head> {
  /** Checks a head. Throws if it is invalid. */
  readonly read: (head: unknown) => Head;
  readonly head: (head: Head) => void;
}

/** A head says how long its body is, if that is known; 0 without a body. */
export interface AnyHead {
  readonly bodyBytes: number | null;
}

export class MessageSocket<Head extends AnyHead> {
  /** The body of the received message. Ends early with an error if the socket does. */
  readonly incoming: Readable;
  readonly #socket: Socket;
  #received = false;

  constructor(socket: Socket, listener: MessageListener<Head>) {
    this.#socket = socket;
    this.incoming = new Readable({
      read: () => socket.resume(),
      // If the reader stops, the rest is discarded; the socket stays open for the message in the other
      // direction.
      destroy: (error, done) => {
        socket.resume();
        done(error);
      },
    });
    this.incoming.on("error", () => undefined);
    const reader = new MessageReader({
      head: (json) => {
        const head = listener.read(json);
        listener.head(head);
        return head.bodyBytes;
      },
      data: (bytes) => {
        if (this.incoming.destroyed) return;
        if (!this.incoming.push(bytes)) socket.pause();
      },
      end: () => {
        this.#received = true;
        this.incoming.push(null);
      },
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!this.#received) this.incoming.destroy(new Reason("the message was cut off"));
    });
  }

  /** A whole message. */
  send(head: AnyHead, body: Uint8Array): void {
    this.#socket.cork();
    this.#socket.write(headFrame(head));
    for (let offset = 0; offset < body.byteLength; offset += MAX_DATA_BYTES)
      this.#sendData(body.subarray(offset, offset + MAX_DATA_BYTES));
    this.#socket.write(endFrame());
    this.#socket.uncork();
  }

  /** The head of a message whose body follows in pieces. */
  open(head: AnyHead): Writable {
    this.#socket.write(headFrame(head));
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        let offset = 0;
        for (; offset + MAX_DATA_BYTES < chunk.length; offset += MAX_DATA_BYTES)
          this.#sendData(chunk.subarray(offset, offset + MAX_DATA_BYTES));
        this.#sendData(chunk.subarray(offset), done);
      },
      final: (done) => void this.#socket.write(endFrame(), () => done()),
      destroy: (error, done) => {
        // A truncated body must not look complete.
        if (error !== null) this.#socket.destroy();
        done(error);
      },
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #sendData(piece: Uint8Array, done?: (error?: Error | null) => void): void {
    this.#socket.cork();
    this.#socket.write(dataPrefix(piece.byteLength));
    this.#socket.write(piece, done);
    this.#socket.uncork();
  }
}
