// The wire between the platform's processes. A message is one head (JSON), any number of pieces of a body,
// and an end. Each is a frame: a byte for its kind, four bytes for its length, its bytes. Nothing inside a
// frame decides where it ends, so nothing that a client or a guest writes can begin another message.
import { Reason } from "../../errors/index.ts";

/** Far above the limits of a request's head. */
const MAX_HEAD_BYTES = 4 * 1024 * 1024;
/** Larger pieces are sent as several. */
export const MAX_DATA_BYTES = 64 * 1024;
const PREFIX_BYTES = 5;

const KINDS = { head: 1, data: 2, end: 3 } as const;

const NOTHING = Buffer.alloc(0);

/** The frames of a message's head. */
export function headFrame(head: object): Buffer {
  return frame(KINDS.head, Buffer.from(JSON.stringify(head)));
}

/** The header of a piece of at most `MAX_DATA_BYTES`. */
export function dataPrefix(bytes: number): Buffer {
  return prefix(KINDS.data, bytes);
}

export function endFrame(): Buffer {
  return prefix(KINDS.end, 0);
}

function frame(kind: number, payload: Buffer): Buffer {
  return Buffer.concat([prefix(kind, payload.length), payload]);
}

function prefix(kind: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(PREFIX_BYTES);
  buffer[0] = kind;
  buffer.writeUInt32BE(bytes, 1);
  return buffer;
}

/** The parts of a message, in this order. */
export interface MessageEvents {
  /** Returns the length of the body that follows; null if nobody knows it. Throws if the head is not one. */
  head(head: unknown): number | null;
  data(bytes: Buffer): void;
  end(): void;
}

/** Parses one message. Throws at the first byte that does not belong to it. */
export class MessageReader {
  readonly #events: MessageEvents;
  #waiting: Buffer = NOTHING;
  #state: "head" | "body" | "over" = "head";
  /** Of the body; null if its length is not known. */
  #left: number | null = null;

  constructor(events: MessageEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    let offset = 0;
    while (this.#waiting.length - offset >= PREFIX_BYTES) {
      const kind = this.#waiting[offset];
      const length = this.#waiting.readUInt32BE(offset + 1);
      this.#check(kind, length);
      const end = offset + PREFIX_BYTES + length;
      if (this.#waiting.length < end) break;
      this.#take(this.#waiting.subarray(offset + PREFIX_BYTES, end));
      offset = end;
    }
    this.#waiting = this.#waiting.subarray(offset);
    if (this.#state === "over" && this.#waiting.length > 0)
      throw new Reason("bytes after the end of a message");
  }

  /** Checked before its bytes arrive, so that nothing forbidden is held in memory. */
  #check(kind: number | undefined, length: number): void {
    const expected = this.#state === "head" ? kind === KINDS.head : kind === KINDS.data || kind === KINDS.end;
    if (!expected || this.#state === "over")
      throw new Reason(`a frame of kind ${kind} in the ${this.#state}`);
    const most = kind === KINDS.head ? MAX_HEAD_BYTES : kind === KINDS.data ? MAX_DATA_BYTES : 0;
    if (length > most) throw new Reason(`a frame of ${length} bytes; the limit is ${most}`);
    if (kind === KINDS.data && this.#left !== null && length > this.#left)
      throw new Reason("the body is longer than announced");
    if (kind === KINDS.end && (this.#left ?? 0) > 0) throw new Reason("the body is shorter than announced");
    this.#kind = kind;
  }

  #kind: number | undefined;

  #take(payload: Buffer): void {
    if (this.#kind === KINDS.head) {
      this.#state = "body";
      this.#left = this.#events.head(JSON.parse(payload.toString()));
    } else if (this.#kind === KINDS.data) {
      if (this.#left !== null) this.#left -= payload.length;
      this.#events.data(payload);
    } else {
      this.#state = "over";
      this.#events.end();
    }
  }
}
