// Responses that clients read slowly: what waits for them in this process is limited in bytes and in time.
import type { Writable } from "node:stream";

/** What a response takes beside its body: its objects and its headers. */
const OVERHEAD_BYTES = 2048;
/** A client has this long for one response: 10 MiB at 100 KiB/s, with a margin. */
const MAX_SEND_MS = 120_000;

/** Something that can be cut off. */
export interface Cuttable {
  destroy(): void;
}

interface Sending {
  readonly bytes: number;
  readonly sinceMs: number;
}

/** Unsent responses, oldest first. */
export class UnsentResponses {
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #sending = new Map<Cuttable, Sending>();
  #bytes = 0;

  /** Beyond `maxBytes`, all bodies together, the oldest are cut off. */
  constructor(now: () => number, maxBytes: number) {
    this.#now = now;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Call `remove` when the response has been sent or its client is gone. */
  add(exchange: Cuttable, bytes: number): void {
    const held = bytes + OVERHEAD_BYTES;
    this.#sending.set(exchange, { bytes: held, sinceMs: this.#now() });
    this.#bytes += held;
    for (const oldest of this.#sending.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === exchange) return;
      this.#cut(oldest);
    }
  }

  /** The same, removed when the stream that carries it closes. */
  addUntilClosed(exchange: Cuttable, bytes: number, stream: Writable): void {
    this.add(exchange, bytes);
    stream.on("close", () => this.remove(exchange));
  }

  remove(exchange: Cuttable): void {
    this.#bytes -= this.#sending.get(exchange)?.bytes ?? 0;
    this.#sending.delete(exchange);
  }

  /** Cuts off what takes too long. */
  sweep(): void {
    const oldestMs = this.#now() - MAX_SEND_MS;
    for (const [exchange, { sinceMs }] of this.#sending) {
      if (sinceMs >= oldestMs) return;
      this.#cut(exchange);
    }
  }

  #cut(exchange: Cuttable): void {
    this.remove(exchange);
    exchange.destroy();
  }
}
