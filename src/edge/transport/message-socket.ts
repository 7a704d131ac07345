// One end of a conversation: a Unix socket on which one message goes each way. Both ends of every
// conversation are this class, so both read by the same rules.
import type { Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { Reason } from "../../errors/index.ts";
import { dataPrefix, endFrame, headFrame, MAX_DATA_BYTES, MessageReader } from "./frames.ts";

/** What each end tells of the message that it receives. */
export interface MessageListener<Head> {
  /** Checks a head. Throws if it is not one. */
  readonly read: (head: unknown) => Head;
  readonly head: (head: Head) => void;
}

/** A head says how long its body is, if that is known; 0 without a body. */
export interface AnyHead {
  readonly bodyBytes: number | null;
}

export class MessageSocket<Head extends AnyHead> {
  /** The body of the message that comes. Ends early with an error if the socket does. */
  readonly incoming: Readable;
  readonly #socket: Socket;
  #received = false;

  constructor(socket: Socket, listener: MessageListener<Head>) {
    this.#socket = socket;
    this.incoming = new Readable({
      read: () => socket.resume(),
      // Whoever stops reading lets the rest pass by; the socket lives on for the message that goes the other
      // way.
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

  /** The head of a message whose body is written piece by piece. */
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
        // A body that ends in the middle must not look like a whole one.
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
