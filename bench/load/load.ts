// The load of a benchmark: requests over keep-alive connections, as fast as answers come or at a fixed rate.
import { LoadConnection, type Target } from "./connection.ts";

/** What to send. */
export interface Load extends Target {
  readonly connections: number;
  /**
   * Requests a second. Each falls due at a fixed moment and latency counts from then, so that a stall of the
   * server is felt by every request that it delays (coordinated omission). Null: a connection asks again once
   * it has its answer.
   */
  readonly perSecond: number | null;
  /** After so many seconds, the first fifth of which warms up and does not count, or after so many answers. */
  readonly until: { readonly seconds: number } | { readonly answers: number };
  /** Whether the client keeps its core busy while it waits; see `stayAwake`. For a client with its own core. */
  readonly awake?: boolean;
}

/** The result of one load. */
export interface LoadResult {
  /** Answers a second, of those that count. */
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  /** All answers, those of the warm-up too. */
  readonly answers: number;
  /** Answers other than 200. */
  readonly failures: number;
}

const WARM_UP_SHARE = 0.2;

/** Sends a load from this process. Rejects if a connection breaks. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const record = new Recorder(load);
  const connections = Array.from({ length: load.connections }, () => new LoadConnection(load));
  if (load.awake === true) stayAwake(record);
  try {
    await new Promise<void>((resolve, reject) => {
      record.ended = resolve;
      if (load.perSecond === null) sendFlatOut(connections, record, reject);
      else sendAtRate(connections, record, load.perSecond, reject);
      if ("seconds" in load.until) setTimeout(resolve, load.until.seconds * 1000);
    });
    return record.result();
  } finally {
    record.isOver = true;
    for (const connection of connections) connection.close();
  }
}

/** Counts answers, and remembers the latencies of those after the warm-up. */
class Recorder {
  ended: () => void = () => {};
  isOver = false;
  readonly startMs = performance.now();
  readonly #latenciesMs: number[] = [];
  readonly #countsFromMs: number;
  readonly #wanted: number;
  #answers = 0;
  #failures = 0;

  constructor({ until }: Load) {
    const warmUpMs = "seconds" in until ? until.seconds * 1000 * WARM_UP_SHARE : 0;
    this.#countsFromMs = this.startMs + warmUpMs;
    this.#wanted = "answers" in until ? until.answers : Number.POSITIVE_INFINITY;
  }

  add(status: number, sinceMs: number): void {
    const nowMs = performance.now();
    this.#answers++;
    if (status !== 200) this.#failures++;
    if (sinceMs >= this.#countsFromMs) this.#latenciesMs.push(nowMs - sinceMs);
    if (this.#answers === this.#wanted) this.ended();
  }

  result(): LoadResult {
    const seconds = (performance.now() - this.#countsFromMs) / 1000;
    return {
      perSecond: this.#latenciesMs.length / seconds,
      latenciesMs: this.#latenciesMs,
      answers: this.#answers,
      failures: this.#failures,
    };
  }
}

/** Each connection asks again as soon as it has its answer. */
function sendFlatOut(
  connections: readonly LoadConnection[],
  record: Recorder,
  failed: (error: Error) => void,
): void {
  for (const connection of connections) {
    let sentMs = performance.now();
    connection.listen((status) => {
      record.add(status, sentMs);
      sentMs = performance.now();
      connection.send();
    }, failed);
    connection.send();
  }
}

/** Requests fall due at fixed moments; those for which no connection is free wait, and the wait counts. */
function sendAtRate(
  connections: readonly LoadConnection[],
  record: Recorder,
  perSecond: number,
  failed: (error: Error) => void,
): void {
  const waiting: number[] = [];
  const free: ((dueMs: number) => void)[] = [];
  for (const connection of connections) {
    let dueMs = 0;
    const take = (nextMs: number): void => {
      dueMs = nextMs;
      connection.send();
    };
    connection.listen((status) => {
      record.add(status, dueMs);
      const next = waiting.shift();
      if (next === undefined) free.push(take);
      else take(next);
    }, failed);
    free.push(take);
  }
  sendWhenDue(record, perSecond, (dueMs) => {
    const take = free.pop();
    if (take === undefined) waiting.push(dueMs);
    else take(dueMs);
  });
}

function sendWhenDue(record: Recorder, perSecond: number, send: (dueMs: number) => void): void {
  let dueMs = record.startMs;
  const tick = (): void => {
    for (const nowMs = performance.now(); dueMs <= nowMs; dueMs += 1000 / perSecond) send(dueMs);
    if (!record.isOver) setImmediate(tick);
  };
  tick();
}

/**
 * Keeps the event loop from sleeping. A server pays for waking up a client that sleeps, in a virtual machine
 * some 5 µs for each answer, and the slower the server is, the more often its client sleeps.
 */
function stayAwake(record: Recorder): void {
  const turn = (): void => void (record.isOver || setImmediate(turn));
  turn();
}
