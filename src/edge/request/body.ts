// Buffers a request body up to its limit, and gives up on clients that make no progress.
import type { Readable } from "node:stream";
import { TerrariumError } from "../../errors/index.ts";

/** A client that sends no byte of its body for this long gets 408. */
export const BODY_IDLE_MS = 10_000;

/**
 * How much of a refused body is read and discarded, so that the client sees the response before the
 * connection ends.
 */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** Bodies being read. One sweep for all is cheaper than a timer for each. */
export class BodyReads {
  readonly #reads = new Set<BodyRead>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#reads.size;
  }

  /**
   * Resolves with the whole body. Rejects with TER_EDGE_BODY_TOO_LARGE, TER_EDGE_TIMEOUT or, if cut off,
   * TER_EDGE_BAD_REQUEST.
   */
  read(source: Readable, maxBytes: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const read = new BodyRead(source, maxBytes, this.#now, (error, body) => {
        this.#reads.delete(read);
        if (error === null) resolve(body);
        else reject(error);
      });
      this.#reads.add(read);
      read.start();
    });
  }

  /** Discards the rest of a refused body, up to a limit. */
  refuse(source: Readable): void {
    const read = new BodyRead(source, 0, this.#now, () => undefined);
    read.start();
    read.finish(cutOff());
  }

  /** Ends the reads that made no progress for `BODY_IDLE_MS`. */
  sweep(): void {
    const oldest = this.#now() - BODY_IDLE_MS;
    for (const read of this.#reads)
      if (read.progressAtMs < oldest) read.finish(new TerrariumError("TER_EDGE_TIMEOUT"));
  }
}

class BodyRead {
  progressAtMs: number;
  readonly #source: Readable;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #done: (error: TerrariumError | null, body: Uint8Array) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #finished = false;

  constructor(
    source: Readable,
    maxBytes: number,
    now: () => number,
    done: (error: TerrariumError | null, body: Uint8Array) => void,
  ) {
    this.#source = source;
    this.#maxBytes = maxBytes;
    this.#now = now;
    this.#done = done;
    this.progressAtMs = now();
  }

  start(): void {
    this.#source.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#source.on("end", () => this.finish(null));
    this.#source.on("error", () => this.finish(cutOff()));
    this.#source.on("close", () => this.finish(cutOff()));
  }

  finish(error: TerrariumError | null): void {
    if (this.#finished) return;
    this.#finished = true;
    if (error !== null) this.#chunks.length = 0;
    this.#done(error, error === null ? this.#whole() : NOTHING);
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#finished) {
      if (this.#bytes > this.#maxBytes + MAX_DISCARDED_BYTES) this.#source.destroy();
      return;
    }
    this.progressAtMs = this.#now();
    if (this.#bytes > this.#maxBytes)
      this.finish(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: this.#maxBytes }));
    else this.#chunks.push(chunk);
  }

  #whole(): Uint8Array {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#bytes);
  }
}

function cutOff(): TerrariumError {
  return new TerrariumError("TER_EDGE_BAD_REQUEST", { reason: "the body ended early" });
}
