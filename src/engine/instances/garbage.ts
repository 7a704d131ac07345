// V8's garbage collector, called where waiting for it would take too much memory. V8 frees the memory of a
// guest only with its objects, and those alone look too small to be collected soon: 48 programs of 62 MiB,
// one after another, came to 3.7 GB.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Collects everything; takes some tens of milliseconds. */
export function collectGarbage(): void {
  collect ??= exposed();
  collect();
}

/** The function is hidden by default. */
function exposed(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Memories of guests that are no longer used and not yet freed. */
export class DiscardedMemories {
  readonly #maxBytes: number;
  #bytes = 0;

  /** Beyond `maxBytes` they are freed at once. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#maxBytes) return;
    this.#bytes = 0;
    collectGarbage();
  }
}
