// A client that costs little: keep-alive connections that send the same request again as soon as its answer
// is whole.
import { createConnection, type Socket } from "node:net";

/** One target. */
export interface Load {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly connections: number;
  /**
   * Whether the client keeps its core busy while it waits; see `stayAwake`. For servers that leave it a core
   * of its own.
   */
  readonly awake: boolean;
}

/** Sends `count` requests and resolves when the last is answered. Answers have to be equally long. */
export async function sendLoad(load: Load, count: number): Promise<void> {
  const bytes = await answerBytes(load);
  let left = count;
  const awake = load.awake ? stayAwake() : null;
  await Promise.all(
    Array.from({ length: load.connections }, () => connection(load, bytes, () => left-- > 0)),
  );
  awake?.stop();
}

/**
 * Keeps the event loop from sleeping. A server pays for waking up a client that sleeps, in a virtual machine
 * some 5 µs for each answer, and the slower the server is, the more often its client sleeps.
 */
export function stayAwake(): { stop(): void } {
  let stopped = false;
  const turn = (): void => void (stopped || setImmediate(turn));
  turn();
  return { stop: () => void (stopped = true) };
}

function requestOf({ host, path }: Load): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n`);
}

function connection(load: Load, bytes: number, next: () => boolean): Promise<void> {
  const request = requestOf(load);
  return new Promise((resolve, reject) => {
    let missing = bytes;
    const socket = createConnection({ port: load.port, host: "127.0.0.1", noDelay: true });
    const send = (): void => {
      if (next()) socket.write(request);
      else socket.end();
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      missing -= chunk.length;
      if (missing < 0) socket.destroy(new Error(`an answer is ${-missing} bytes longer than the first`));
      if (missing > 0) return;
      missing = bytes;
      send();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

/** Length of the whole answer; rejects if it is not a 200. */
function answerBytes(load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection({ port: load.port, host: "127.0.0.1" });
    let text = "";
    socket.write(requestOf(load));
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      text += chunk;
      const head = text.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      if (head === -1) return;
      if (!text.startsWith("HTTP/1.1 200 ") || length === undefined)
        socket.destroy(new Error(`not the expected answer: ${text}`));
      else if (text.length === head + 4 + Number(length)) {
        resolve(text.length);
        socket.destroy();
      }
    });
  });
}
