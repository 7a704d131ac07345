// Bytes of bodies that the supervisor holds while they arrive: bounded in all, and shared among sources. They
// are set aside before a byte is read.
import { TerrariumError } from "../../errors/index.ts";

export class UploadBudget {
  readonly #bytes: number;
  readonly #isShared: boolean;
  readonly #bySource = new Map<string, number>();
  #held = 0;

  /** `isShared`: one source may hold as many bytes as are left for others. */
  constructor(maxBytes: number, isShared: boolean) {
    this.#bytes = maxBytes;
    this.#isShared = isShared;
  }

  /**
   * Runs `read` with so many bytes set aside. Throws TER_UPLOADS_FULL, which reads nothing.
   */
  async during<T>(source: string, bytes: number, read: () => Promise<T>): Promise<T> {
    const own = this.#bySource.get(source) ?? 0;
    const free = this.#bytes - this.#held;
    if (bytes > free || (this.#isShared && own > 0 && own + bytes > free - bytes))
      throw new TerrariumError("TER_UPLOADS_FULL", { used: this.#held, allowed: this.#bytes });
    this.#add(source, bytes);
    try {
      return await read();
    } finally {
      this.#add(source, -bytes);
    }
  }

  #add(source: string, bytes: number): void {
    this.#held += bytes;
    const own = (this.#bySource.get(source) ?? 0) + bytes;
    if (own > 0) this.#bySource.set(source, own);
    else this.#bySource.delete(source);
  }
}
