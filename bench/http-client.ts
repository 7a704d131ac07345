// A client for benchmarks, in a process of its own: keep-alive connections over plain sockets, so that it
// costs less than the server. Answers must carry content-length. Run by bench/http.ts and bench/waiting.ts;
// prints one line of JSON.
import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { stayAwake } from "./load/keep-alive-load.ts";

export interface Load {
  readonly port: number;
  /** Value of the host header. */
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second at fixed moments, latency counted from them; 0: as fast as answers come. */
  readonly rate: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** All answers, those of the warm-up too. */
  readonly answers: number;
  /** Answers other than 200. */
  readonly failures: number;
}

/** Cores for client and server, where the machine can pin processes and has two; null elsewhere. */
export const PINS: { readonly client: string; readonly server: string } | null = (() => {
  try {
    execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
    return { client: "1", server: "0" };
  } catch {
    return null;
  }
})();

/** Binds a process with all its threads to a core. */
export function pin(pid: number, core: string): void {
  execFileSync("taskset", ["-a", "-c", "-p", core, String(pid)], { stdio: "ignore" });
}

/** CPU time that a process has used, in ms; NaN where there is no /proc. */
export function cpuMs(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(11, 13);
    return (Number(user) + Number(system)) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}

/** Runs the client. */
export function measure(load: Load): Promise<Measured> {
  const command = [process.execPath, import.meta.filename, JSON.stringify(load)];
  const [file = "", ...args] = PINS === null ? command : ["taskset", "-c", PINS.client, ...command];
  return new Promise((resolve, reject) => {
    execFile(file, args, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout) as Measured) : reject(error),
    );
  });
}

/** USER_HZ is 100 on Linux, whatever the kernel's own tick. */
const MS_PER_TICK = 10;
const HEAD_END = Buffer.from("\r\n\r\n");

/** One connection with at most one request under way. */
class Connection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #done: (status: number) => void;
  #received: Buffer = Buffer.alloc(0);

  constructor({ port, host }: Load, done: (status: number) => void) {
    this.#request = Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    this.#done = done;
    this.#socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", (error) => {
      throw error;
    });
  }

  send(): void {
    this.#socket.write(this.#request);
  }

  #take(chunk: Buffer): void {
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = received;
    const end = received.indexOf(HEAD_END);
    if (end === -1) return;
    const head = received.toString("latin1", 0, end);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) throw new Error(`an answer without content-length:\n${head}`);
    if (received.length < end + HEAD_END.length + length) return;
    this.#received = Buffer.alloc(0);
    this.#done(Number(head.slice(9, 12)));
  }
}

/** What answers took, after the first fifth of the time, which warms up. */
class Record {
  readonly latencies: number[] = [];
  answers = 0;
  failures = 0;
  readonly startMs = performance.now();
  readonly #fromMs: number;
  readonly endMs: number;

  constructor({ seconds }: Load) {
    this.#fromMs = this.startMs + seconds * 200;
    this.endMs = this.startMs + seconds * 1000;
  }

  add(status: number, sinceMs: number): void {
    const nowMs = performance.now();
    this.answers++;
    if (status !== 200) this.failures++;
    if (sinceMs >= this.#fromMs && nowMs <= this.endMs) this.latencies.push(nowMs - sinceMs);
  }

  result(): Measured {
    const sorted = Float64Array.from(this.latencies).sort();
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return {
      requestsPerSecond: sorted.length / ((this.endMs - this.#fromMs) / 1000),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      answers: this.answers,
      failures: this.failures,
    };
  }
}

/** Each connection asks again as soon as it has its answer. */
function runFlatOut(load: Load, record: Record): void {
  stayAwake();
  for (let index = 0; index < load.connections; index++) {
    let sentMs = performance.now();
    const connection = new Connection(load, (status) => {
      record.add(status, sentMs);
      sentMs = performance.now();
      connection.send();
    });
    connection.send();
  }
}

/** Requests fall due at fixed moments; those for which no connection is free wait, and the wait counts. */
function runAtRate(load: Load, record: Record): void {
  const due: number[] = [];
  const free: ((dueMs: number) => void)[] = [];
  for (let index = 0; index < load.connections; index++) {
    let dueMs = 0;
    const take = (nextMs: number): void => {
      dueMs = nextMs;
      connection.send();
    };
    const connection = new Connection(load, (status) => {
      record.add(status, dueMs);
      const next = due.shift();
      if (next === undefined) free.push(take);
      else take(next);
    });
    free.push(take);
  }
  let sent = 0;
  const tick = (): void => {
    for (; record.startMs + (sent * 1000) / load.rate <= performance.now(); sent++) {
      const dueMs = record.startMs + (sent * 1000) / load.rate;
      const take = free.pop();
      if (take === undefined) due.push(dueMs);
      else take(dueMs);
    }
    setImmediate(tick);
  };
  tick();
}

if (import.meta.main) {
  const load = JSON.parse(process.argv[2] ?? "") as Load;
  const record = new Record(load);
  if (load.rate === 0) runFlatOut(load, record);
  else runAtRate(load, record);
  setTimeout(
    () => process.stdout.write(`${JSON.stringify(record.result())}\n`, () => process.exit(0)),
    load.seconds * 1000,
  );
}
