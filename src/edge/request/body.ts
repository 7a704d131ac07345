// Buffers a request body up to its limit, and gives up on clients that make no progress.
import type { Readable } from "node:stream";
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";

/** A client that sends no byte of its body for this long gets 408. */
export const BODY_IDLE_MS = 10_000;

/**
 * How much of a refused body is read and discarded, so that the client sees the response before the
 * connection ends.
 */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** How much of a body there is room for. */
export interface BodyRoom {
  readonly maxBytes: number;
  /** Sets memory aside for so many bytes in all. Throws TerrariumError if there is none left. */
  readonly hold: (bytes: number) => void;
}

const NO_ROOM: BodyRoom = { maxBytes: 0, hold: () => undefined };

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
   * Resolves with the whole body. Rejects with TER_EDGE_BODY_TOO_LARGE, TER_EDGE_TIMEOUT, what `room.hold`
   * throws or, if cut off, TER_EDGE_BAD_REQUEST. `announced`: its length in bytes; null if it is not known.
   */
  read(source: Readable, room: BodyRoom, announced: number | null): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const read = new BodyRead(source, room, this.#now, (error, body) => {
        this.#reads.delete(read);
        if (error === null) resolve(body);
        else reject(error);
      });
      this.#reads.add(read);
      read.start(announced ?? 0);
    });
  }

  /** Discards the rest of a refused body, up to a limit. */
  refuse(source: Readable): void {
    const read = new BodyRead(source, NO_ROOM, this.#now, () => undefined);
    read.start(0);
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
  readonly #room: BodyRoom;
  readonly #now: () => number;
  readonly #done: (error: TerrariumError | null, body: Uint8Array) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes that memory was set aside for. */
  #held = 0;
  #finished = false;

  constructor(
    source: Readable,
    room: BodyRoom,
    now: () => number,
    done: (error: TerrariumError | null, body: Uint8Array) => void,
  ) {
    this.#source = source;
    this.#room = room;
    this.#now = now;
    this.#done = done;
    this.progressAtMs = now();
  }

  /** `bytes`: as many are expected. */
  start(bytes: number): void {
    this.#source.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#source.on("end", () => this.finish(null));
    this.#source.on("error", () => this.finish(cutOff()));
    this.#source.on("close", () => this.finish(cutOff()));
    this.#hold(bytes);
  }

  finish(error: TerrariumError | null): void {
    if (this.#finished) return;
    this.#finished = true;
    if (error !== null) this.#chunks.length = 0;
    this.#done(error, error === null ? this.#whole() : NOTHING);
  }

  #take(chunk: Buffer): void {
    const { maxBytes } = this.#room;
    this.#bytes += chunk.length;
    if (this.#finished) {
      if (this.#bytes > maxBytes + MAX_DISCARDED_BYTES) this.#source.destroy();
      return;
    }
    this.progressAtMs = this.#now();
    if (this.#bytes > maxBytes)
      return this.finish(new TerrariumError("TER_EDGE_BODY_TOO_LARGE", { allowed: maxBytes }));
    this.#chunks.push(chunk);
    this.#hold(this.#bytes);
  }

  #hold(bytes: number): void {
    if (bytes <= this.#held) return;
    try {
      this.#room.hold(bytes);
      this.#held = bytes;
    } catch (error) {
      this.finish(asTerrariumError(error));
    }
  }

  #whole(): Uint8Array {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#bytes);
  }
}

function cutOff(): TerrariumError {
  return new TerrariumError("TER_EDGE_BAD_REQUEST", { reason: "the body ended early" });
}
