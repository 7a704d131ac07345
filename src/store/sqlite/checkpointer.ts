// Owns the thread that copies write-ahead logs into their files. That syncs to disk, and no request should
// wait for a disk.
import { Worker } from "node:worker_threads";

/** A request to the thread; it responds with `held` once it has opened the file. */
export type CheckpointRequest =
  | { readonly kind: "checkpoint"; readonly path: string }
  | { readonly kind: "hold"; readonly path: string; readonly ticket: number }
  | { readonly kind: "release"; readonly ticket: number };

/** The answer to `hold`. */
export interface Held {
  readonly ticket: number;
}

/** One thread, started when it is first needed. It keeps no process alive. */
export class Checkpointer {
  #worker: Worker | undefined;
  #lastTicket = 0;
  readonly #whenHeld = new Map<number, () => void>();

  /** Copies the file's log into the file, soon. */
  checkpoint(path: string): void {
    this.#send({ kind: "checkpoint", path });
  }

  /**
   * Calls `close` once the thread has opened the file too: whoever closes a file last copies its log and
   * syncs, and that should be the thread.
   */
  closeBehind(path: string, close: () => void): void {
    const ticket = ++this.#lastTicket;
    this.#whenHeld.set(ticket, close);
    this.#send({ kind: "hold", path, ticket });
  }

  /** Ends the thread and runs what still waits in `closeBehind`. */
  async end(): Promise<void> {
    await this.#worker?.terminate();
    this.#closeAll();
  }

  #send(request: CheckpointRequest): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(
      new URL(
        import.meta.url.endsWith(".ts") ? "./checkpoint-thread.ts" : "./checkpoint-thread.js",
        import.meta.url,
      ),
    );
    worker.unref();
    worker.on("message", (held: Held) => this.#onHeld(held));
    // Until it is restarted, the logs only grow; SQLite copies them itself at 64 MiB.
    worker.on("error", () => this.#forget(worker));
    worker.on("exit", () => this.#forget(worker));
    return worker;
  }

  #onHeld({ ticket }: Held): void {
    const close = this.#whenHeld.get(ticket);
    this.#whenHeld.delete(ticket);
    close?.();
    this.#send({ kind: "release", ticket });
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
    this.#closeAll();
  }

  #closeAll(): void {
    for (const close of this.#whenHeld.values()) close();
    this.#whenHeld.clear();
  }
}
