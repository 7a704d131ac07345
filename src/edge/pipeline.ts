// The way of one request: counted, routed, answered by an asset, a program, a peer or the control API.
import { TerrariumError } from "../errors/index.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_IN_FLIGHT_PER_CONNECTION } from "./listeners/settings.ts";
import { sendError } from "./response/error-page.ts";
import { destinationOf } from "./routing/authority.ts";
import type { Deployment } from "./routing/deployment.ts";
import type { DeploymentCache } from "./routing/deployments.ts";

/** Deployments that may call one another in a row. */
export const MAX_DEPTH = 8;

export interface PipelineOptions {
  /** Lower case. */
  readonly domain: string;
  readonly deployments: DeploymentCache;
  readonly maxInFlight: number;
  /** Answers for a deployment; may reject with TerrariumError. */
  readonly serve: (deployment: Deployment, exchange: Exchange) => Promise<void>;
  /** Answers for the bare domain. */
  readonly control: (exchange: Exchange) => Promise<void>;
  /** Told of each request when it is over; null costs nothing. */
  readonly observe: ((exchange: Exchange, startedAtMs: number) => void) | null;
  readonly now: () => number;
}

export class Pipeline {
  requests = 0;
  inFlight = 0;
  readonly #options: PipelineOptions;
  #idle: (() => void) | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Answers an exchange; never throws. */
  readonly handle = (exchange: Exchange): void => {
    this.requests++;
    if (this.inFlight >= this.#options.maxInFlight || exchange.connection.inFlight >= MAX_IN_FLIGHT_PER_CONNECTION) {
      sendError(exchange, new TerrariumError("TER_EDGE_BUSY"));
    } else {
      void this.#answer(exchange);
    }
  };

  /** Resolves when no request is under way. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.inFlight === 0) resolve();
      else this.#idle = resolve;
    });
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { connection } = exchange;
    const { observe, now } = this.#options;
    const startedAtMs = observe === null ? 0 : now();
    this.inFlight++;
    connection.inFlight++;
    try {
      if (exchange.depth > MAX_DEPTH) throw new TerrariumError("TER_EDGE_LOOP", { depth: exchange.depth, allowed: MAX_DEPTH });
      const deployment = this.#options.deployments.known(exchange.authority);
      await (deployment === undefined ? this.#route(exchange) : this.#serve(deployment, exchange));
    } catch (error) {
      sendError(exchange, error instanceof TerrariumError ? error : internal(error));
    } finally {
      connection.inFlight--;
      if (--this.inFlight === 0) this.#idle?.();
      observe?.(exchange, startedAtMs);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { domain, deployments, control } = this.#options;
    const destination = destinationOf(exchange.authority, domain);
    if (destination.kind === "malformed") throw new TerrariumError("TER_EDGE_BAD_REQUEST", { reason: "the host is not a name" });
    if (destination.kind === "control") return control(exchange);
    if (destination.kind === "foreign") throw new TerrariumError("TER_EDGE_UNKNOWN_HOST", { host: destination.host });
    const deployment = await deployments.find(destination.label, exchange.authority);
    if (deployment === undefined) throw new TerrariumError("TER_EDGE_UNKNOWN_HOST", { host: `${destination.label}.${domain}` });
    return this.#serve(deployment, exchange);
  }

  async #serve(deployment: Deployment, exchange: Exchange): Promise<void> {
    deployment.enter();
    try {
      await this.#options.serve(deployment, exchange);
    } finally {
      deployment.leave();
    }
  }
}

function internal(error: unknown): TerrariumError {
  return new TerrariumError("TER_INTERNAL", { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
}
