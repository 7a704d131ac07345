// Requests at a steady rate from this process, over connections that are kept, and what became of them: for
// benchmarks that kill servers and ask who noticed. Latency is not measured.
import { Agent, type ClientRequest, request as httpRequest } from "node:http";

/** The target, and how many requests a second. */
export interface SteadyOptions {
  readonly port: number;
  readonly host: string;
  readonly perSecond: number;
  readonly connections: number;
}

/** What became of requests since the last look. */
export interface Seen {
  readonly answered: number;
  /**
   * Connections that broke under a request: opened before the moment that was named, when the server was
   * killed, or idle before, which any server may close at any time (RFC 9112, section 9.3.1: clients send
   * such requests again).
   */
  readonly broken: number;
  /**
   * Answers other than 200, and connections that broke under their first request though they were opened
   * later.
   */
  readonly failed: number;
}

const TICK_MS = 10;
/** Without a loss of their own the connections would all lead to where the first ones went. */
const MAX_WAITING = 1000;

/** Sends until it is stopped. */
export class SteadyRequests {
  readonly #agent: Agent;
  readonly #options: SteadyOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #openedMs = new WeakMap<object, number>();
  #killedMs = Number.POSITIVE_INFINITY;
  #waiting = 0;
  #answered = 0;
  #broken = 0;
  #failed = 0;

  constructor(options: SteadyOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.connections, scheduling: "fifo" });
    const perTick = Math.max(1, Math.round((options.perSecond * TICK_MS) / 1000));
    this.#timer = setInterval(() => {
      for (let sent = 0; sent < perTick && this.#waiting < MAX_WAITING; sent++) this.#send();
    }, TICK_MS);
  }

  /** From now on, broken connections that are opened later count as failures. */
  killed(): void {
    this.#killedMs = performance.now();
    [this.#answered, this.#broken, this.#failed] = [0, 0, 0];
  }

  seen(): Seen {
    return { answered: this.#answered, broken: this.#broken, failed: this.#failed };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  #send(): void {
    const { port, host } = this.#options;
    const asked = httpRequest({ host: "127.0.0.1", port, headers: { host }, agent: this.#agent });
    this.#waiting++;
    asked.on("socket", (socket) => {
      if (!this.#openedMs.has(socket)) this.#openedMs.set(socket, performance.now());
    });
    asked.on("error", () => this.#lost(asked));
    asked.on("response", (response) => {
      response.on("error", () => this.#lost(asked));
      response.resume().on("end", () => {
        if (response.statusCode === 200) this.#answered++;
        else this.#failed++;
      });
    });
    asked.on("close", () => this.#waiting--);
    asked.end();
  }

  #lost({ socket, reusedSocket }: ClientRequest): void {
    const openedMs = socket === null ? 0 : (this.#openedMs.get(socket) ?? 0);
    if (openedMs > this.#killedMs && !reusedSocket) this.#failed++;
    else this.#broken++;
  }
}
