// A client in a process of its own that sends at a fixed rate, whether or not answers come: latency counts
// from the moment when a request was due, so that a stall of the server is felt by every request it delays
// (coordinated omission). Also sends as fast as it can. Started by fork; does what each message asks and
// answers with numbers.
import { createConnection, type Socket } from "node:net";
import { sendLoad } from "./keep-alive-load.ts";

/** What to do: `perSecond` null means as fast as answers come, for `count` requests. */
export interface LoadOrder {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly connections: number;
  readonly count: number;
  readonly perSecond: number | null;
}

/** Requests a second, and latencies in milliseconds at a fixed rate. */
export interface LoadResult {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

const END_OF_HEAD = "\r\n\r\n";

/** One keep-alive connection that answers requests in turn. */
class Client {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #received = "";
  #answered: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;

  constructor({ port, host, path }: LoadOrder) {
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    this.#socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (chunk: string) => this.#hear(chunk));
    this.#socket.on("error", (error) => this.#failed?.(error));
  }

  ask(): Promise<void> {
    return new Promise((resolve, reject) => {
      [this.#answered, this.#failed] = [resolve, reject];
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(chunk: string): void {
    this.#received += chunk;
    if (!isWhole(this.#received)) return;
    if (!this.#received.startsWith("HTTP/1.1 200"))
      return this.#failed?.(new Error(this.#received.slice(0, 200)));
    this.#received = "";
    this.#answered?.();
  }
}

function isWhole(text: string): boolean {
  const head = text.indexOf(END_OF_HEAD);
  if (head < 0) return false;
  const length = /content-length: *(\d+)/i.exec(text)?.[1];
  return length === undefined
    ? text.endsWith("0\r\n\r\n")
    : text.length >= head + END_OF_HEAD.length + Number(length);
}

async function atFixedRate(order: LoadOrder, perSecond: number): Promise<LoadResult> {
  const beganMs = performance.now();
  const latenciesMs: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    const connection = new Client(order);
    while (next < order.count) {
      const dueMs = beganMs + (next++ * 1000) / perSecond;
      const early = dueMs - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      // Timers fire late; a request that is sent late by our own fault must not count against the server.
      const since = early > 0 ? performance.now() : dueMs;
      await connection.ask();
      latenciesMs.push(performance.now() - since);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: order.connections }, client));
  return { perSecond: (order.count / (performance.now() - beganMs)) * 1000, latenciesMs };
}

async function asFastAsPossible(order: LoadOrder): Promise<LoadResult> {
  const beganMs = performance.now();
  await sendLoad({ ...order, awake: true }, order.count);
  return { perSecond: (order.count / (performance.now() - beganMs)) * 1000, latenciesMs: [] };
}

async function obey(order: LoadOrder): Promise<void> {
  try {
    process.send?.(
      order.perSecond === null ? await asFastAsPossible(order) : await atFixedRate(order, order.perSecond),
    );
  } catch (error) {
    process.send?.({ error: String(error) });
  }
}

process.on("message", (order: LoadOrder) => {
  void obey(order);
});
process.on("disconnect", () => process.exit());
