// The path of one request: it is counted, routed, and answered by an asset, a program, a peer or the control
// API.
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";
import type { Admission, Admitted } from "../admission/admission.ts";
import type { Exchange } from "../request/exchange.ts";
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
  readonly admission: Admission;
  /** Answers for a deployment; may reject with TerrariumError. */
  readonly serve: (deployment: Deployment, exchange: Exchange, admitted: Admitted) => Awaitable<void>;
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
    const { admission, deployments, observe, now } = this.#options;
    const known = exchange.depth > MAX_DEPTH ? undefined : deployments.known(exchange.authority);
    const startedAtMs = observe === null ? 0 : now();
    try {
      const admitted = admission.enter(exchange, known === undefined && this.#isForApi(exchange));
      this.inFlight++;
      this.#answer(exchange, known, { admitted, startedAtMs });
    } catch (error) {
      sendError(exchange, asTerrariumError(error));
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
  #answer(exchange: Exchange, known: Deployment | undefined, begun: Begun): void {
    if (known !== undefined) return this.#serve(known, exchange, begun);
    this.#route(exchange).then(
      (found) => (found === undefined ? this.#over(exchange, begun) : this.#serve(found, exchange, begun)),
      (error: unknown) => this.#failed(exchange, begun, error),
    );
  }

  #isForApi({ authority }: Exchange): boolean {
    const { domain, apiHosts } = this.#options;
    const destination = destinationOf(authority, domain);
    return (
      destination.kind === "control" ||
      (destination.kind === "foreign" && isApiHost(destination.host, apiHosts))
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

  #serve(deployment: Deployment, exchange: Exchange, begun: Begun): void {
    const { admission, serve } = this.#options;
    const end = (error: unknown): void => {
      deployment.leave();
      if (error === undefined) this.#over(exchange, begun);
      else this.#failed(exchange, begun, error);
    };
    deployment.enter();
    try {
      admission.checkShareOf(deployment);
      const served = serve(deployment, exchange, begun.admitted);
      if (served instanceof Promise) served.then(end, end);
      else end(undefined);
    } catch (error) {
      end(error);
    }
  }

  #failed(exchange: Exchange, begun: Begun, error: unknown): void {
    sendError(exchange, asTerrariumError(error));
    this.#over(exchange, begun);
  }

  #over(exchange: Exchange, { admitted, startedAtMs }: Begun): void {
    this.#options.admission.leave(exchange, admitted);
    const first = Math.trunc(exchange.status / 100);
    this.responses[first] = (this.responses[first] ?? 0) + 1;
    if (--this.inFlight === 0) this.#idle?.();
    this.#options.observe?.(exchange, startedAtMs);
  }
}

/** A request that was admitted. */
interface Begun {
  readonly admitted: Admitted;
  readonly startedAtMs: number;
}
