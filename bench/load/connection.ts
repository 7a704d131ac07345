// A keep-alive connection of the load client, over a plain socket: it has to cost less than the server.
import { createConnection, type Socket } from "node:net";

/** What the connection asks for. */
export interface Target {
  readonly port: number;
  /** Value of the host header. */
  readonly host: string;
  readonly path: string;
}

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

/** One connection with at most one request under way. */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #received: Buffer = Buffer.alloc(0);
  /** The first answer that was a 200. One of the same bytes so far as its status and length needs no parsing. */
  #usual: { readonly head: Buffer; readonly bytes: number } | null = null;
  #answered: (status: number) => void = () => {};
  #failed: (error: Error) => void = () => {};

  constructor({ port, host, path }: Target) {
    this.#request = Buffer.from(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n`,
    );
    this.#socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", (error) => this.#failed(error));
    this.#socket.on("end", () => this.#failed(new Error("The server closed the connection")));
  }

  /** `answered` is told the status of each whole answer, `failed` what broke the connection. */
  listen(answered: (status: number) => void, failed: (error: Error) => void): void {
    [this.#answered, this.#failed] = [answered, failed];
  }

  send(): void {
    this.#socket.write(this.#request);
  }

  close(): void {
    this.#failed = () => {};
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = received;
    if (!this.#isUsual(received) && !this.#isWhole(received)) return;
    this.#received = Buffer.alloc(0);
    this.#answered(Number(received.toString("latin1", 9, 12)));
  }

  #isUsual(received: Buffer): boolean {
    if (this.#usual === null || received.length !== this.#usual.bytes) return false;
    return received.subarray(0, this.#usual.head.length).equals(this.#usual.head);
  }

  #isWhole(received: Buffer): boolean {
    const text = received.toString("latin1");
    const end = text.indexOf(HEAD_END);
    if (end === -1) return false;
    const length = /content-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
    if (length === undefined) return text.endsWith(LAST_CHUNK);
    if (received.length < end + HEAD_END.length + Number(length)) return false;
    const head = received.subarray(0, "HTTP/1.1 200".length);
    if (text.startsWith("HTTP/1.1 200")) this.#usual ??= { head: Buffer.from(head), bytes: received.length };
    return true;
  }
}
