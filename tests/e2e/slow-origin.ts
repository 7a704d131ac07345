// An upstream on loopback that answers nothing until it is told to.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The name under which programs reach it, by `--resolve`. */
export const SLOW_ORIGIN = "origin.example";

export class SlowOrigin {
  readonly #server = createServer((request, response) => {
    this.#held.set(response, request.url ?? "");
    response.on("close", () => this.#change(() => this.#held.delete(response)));
    this.#change(() => undefined);
  });
  readonly #held = new Map<ServerResponse, string>();
  #wake: () => void = () => undefined;

  static async start(): Promise<SlowOrigin> {
    const origin = new SlowOrigin();
    origin.#server.listen(0, "127.0.0.1");
    await once(origin.#server, "listening");
    return origin;
  }

  /** The platform's flag that leads programs here. */
  get resolveRule(): string {
    return `${SLOW_ORIGIN}:80:127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when exactly that many requests wait here. */
  async holds(count: number): Promise<void> {
    while (this.#held.size !== count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Answers every request that waits with its own path. */
  release(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const [response, path] of held) response.end(path);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #change(apply: () => void): void {
    apply();
    this.#wake();
  }
}
