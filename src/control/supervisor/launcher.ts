// The connection to the launcher, this process's parent. The launcher holds the listening sockets for the
// next supervisor, and starts it when this one ends.
import type { SendHandle } from "node:child_process";
import type { TcpHandle } from "./tcp-handle.ts";

type FromLauncher = { readonly kind: "socket"; readonly key: string } | { readonly kind: "sockets-sent" };

/** Sends messages to the launcher over the IPC channel. */
export class Launcher {
  readonly #held = new Set<string>();

  /** Null where no launcher started this process. */
  static ofThisProcess(): Launcher | null {
    return process.send === undefined ? null : new Launcher();
  }

  /** The sockets that earlier supervisors left, by key. */
  heldSockets(): Promise<Map<string, TcpHandle>> {
    return new Promise((resolve) => {
      const sockets = new Map<string, TcpHandle>();
      const done = () => {
        process.removeListener("message", hear);
        process.removeListener("disconnect", done);
        resolve(sockets);
      };
      const hear = (message: FromLauncher, handle: unknown) => {
        if (message.kind === "socket" && handle !== undefined) {
          this.#held.add(message.key);
          sockets.set(message.key, handle as TcpHandle);
        }
        if (message.kind === "sockets-sent") done();
      };
      process.on("message", hear);
      process.once("disconnect", done);
      this.#send({ kind: "send-sockets" });
    });
  }

  /** From now on the launcher holds these sockets and no others. */
  hold(sockets: ReadonlyMap<string, TcpHandle>): void {
    for (const key of this.#held) if (!sockets.has(key)) this.#send({ kind: "release", key });
    for (const [key, handle] of sockets) if (!this.#held.has(key)) this.#send({ kind: "hold", key }, handle);
  }

  #send(message: object, handle?: TcpHandle): void {
    // The launcher takes Node's own handle; the types know only the objects around it.
    if (process.connected) process.send?.(message, handle as unknown as SendHandle, {}, () => undefined);
  }
}
