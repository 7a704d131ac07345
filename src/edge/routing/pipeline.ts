// The path of one request: it is counted, routed, and answered by an asset, a program, a peer or the control
// API.
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";
import { type Exchange, MAX_IN_FLIGHT_PER_CONNECTION } from "../request/exchange.ts";
import { sendError } from "../response/error-page.ts";
import { destinationOf, isApiHost } from "../request/authority.ts";
import type { Deployment } from "./deployment.ts";
import type { DeploymentCache } from "./deployments.ts";
import type { Awaitable } from "../../store/types.ts";

/** How deep deployments may call each other. */
const MAX_DEPTH = 8;

export interface PipelineOptions {
  /** Lower case. */
  readonly domain: string;
  /** Further names of the control API. */
  readonly apiHosts: readonly string[];
  readonly deployments: DeploymentCache;
  readonly maxInFlight: number;
  /** Answers for a deployment; may reject with TerrariumError. */
  readonly serve: (deployment: Deployment, exchange: Exchange) => Awaitable<void>;
  /** Serves the bare domain and the further names. */
  readonly control: (exchange: Exchange) => Promise<void>;
  /** Called for each request when it is over; null costs nothing. */
  readonly observe: ((exchange: Exchange, startedAtMs: number) => void) | null;
  readonly now: () => number;
}

export class Pipeline {
  requests = 0;
  inFlight = 0;
  /** Finished requests by the first digit of their status; 0 if none was sent. */
  readonly responses = [0, 0, 0, 0, 0, 0];
  readonly #options: PipelineOptions;
  #idle: (() => void) | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Serves an exchange; never throws. */
  readonly handle = (exchange: Exchange): void => {
    this.requests++;
    if (
      this.inFlight >= this.#options.maxInFlight ||
      exchange.connection.inFlight >= MAX_IN_FLIGHT_PER_CONNECTION
    ) {
      sendError(exchange, new TerrariumError("TER_EDGE_BUSY"));
    } else {
      this.#answer(exchange);
    }
  };

  /** Resolves when no request is in flight. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.inFlight === 0) resolve();
      else this.#idle = resolve;
    });
  }

  /** At most one promise chain per request: what can be answered at once is. */
  #answer(exchange: Exchange): void {
    const { deployments, observe, now } = this.#options;
    const startedAtMs = observe === null ? 0 : now();
    this.inFlight++;
    exchange.connection.inFlight++;
    const deployment = exchange.depth > MAX_DEPTH ? undefined : deployments.known(exchange.authority);
    if (deployment !== undefined) return this.#serve(deployment, exchange, startedAtMs);
    this.#route(exchange).then(
      (found) =>
        found === undefined ? this.#over(exchange, startedAtMs) : this.#serve(found, exchange, startedAtMs),
      (error: unknown) => this.#failed(exchange, startedAtMs, error),
    );
  }

  /** The deployment that serves this; undefined if the exchange is over. */
  async #route(exchange: Exchange): Promise<Deployment | undefined> {
    const { domain, apiHosts, deployments, control } = this.#options;
    if (exchange.depth > MAX_DEPTH)
      throw new TerrariumError("TER_EDGE_LOOP", { depth: exchange.depth, allowed: MAX_DEPTH });
    const destination = destinationOf(exchange.authority, domain);
    if (destination.kind === "malformed")
      throw new TerrariumError("TER_EDGE_BAD_REQUEST", { reason: "the host is not a name" });
    const isForeign = destination.kind === "foreign";
    if (isForeign && !isApiHost(destination.host, apiHosts))
      throw new TerrariumError("TER_EDGE_UNKNOWN_HOST", { host: destination.host });
    if (isForeign || destination.kind === "control") {
      await control(exchange);
      return undefined;
    }
    const deployment = await deployments.find(destination.label, exchange.authority);
    if (deployment === undefined)
      throw new TerrariumError("TER_EDGE_UNKNOWN_HOST", { host: `${destination.label}.${domain}` });
    return deployment;
  }

  #serve(deployment: Deployment, exchange: Exchange, startedAtMs: number): void {
    deployment.enter();
    const end = (error: unknown): void => {
      deployment.leave();
      if (error === undefined) this.#over(exchange, startedAtMs);
      else this.#failed(exchange, startedAtMs, error);
    };
    try {
      const served = this.#options.serve(deployment, exchange);
      if (served instanceof Promise) served.then(end, end);
      else end(undefined);
    } catch (error) {
      end(error);
    }
  }

  #failed(exchange: Exchange, startedAtMs: number, error: unknown): void {
    sendError(exchange, asTerrariumError(error));
    this.#over(exchange, startedAtMs);
  }

  #over(exchange: Exchange, startedAtMs: number): void {
    exchange.connection.inFlight--;
    const first = Math.trunc(exchange.status / 100);
    this.responses[first] = (this.responses[first] ?? 0) + 1;
    if (--this.inFlight === 0) this.#idle?.();
    this.#options.observe?.(exchange, startedAtMs);
  }
}
