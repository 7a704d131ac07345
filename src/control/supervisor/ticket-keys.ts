// The keys of TLS session tickets. All edges share them, so that a client resumes its session at any of them,
// and they change every day, so that a key tells of one day's sessions at most.
import { randomBytes } from "node:crypto";

/** What Node's TLS takes: name, HMAC key and AES key. */
const KEY_BYTES = 48;
const ROTATE_EVERY_MS = 24 * 3_600_000;

export class TicketKeys {
  readonly #onRotated: (keys: string) => void;
  readonly #timer: NodeJS.Timeout;
  #keys = draw();

  constructor(onRotated: (keys: string) => void) {
    this.#onRotated = onRotated;
    this.#timer = setInterval(() => this.rotate(), ROTATE_EVERY_MS).unref();
  }

  /** In base64. */
  get current(): string {
    return this.#keys;
  }

  rotate(): void {
    this.#keys = draw();
    this.#onRotated(this.#keys);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function draw(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}
