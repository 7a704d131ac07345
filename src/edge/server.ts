// One edge: listeners, pipeline and caches put together. A process has one; tests may have several.
import type { Config } from "../config/index.ts";
import { memoryPlan } from "../config/memory-plan.ts";
import { TerrariumError } from "../errors/index.ts";
import type { OwnEndpoint } from "../hostcalls/index.ts";
import type { Clock } from "../processes/clock.ts";
import type { Awaitable, DeploymentId, Store } from "../store/types.ts";
import { type EdgeStats, edgeSeries, type ProgramStats } from "./accounts/edge-series.ts";
import { GarbageWatch } from "./accounts/garbage.ts";
import { type Offence, RunAccounts, WINDOW_MS } from "./accounts/run-accounts.ts";
import type { Series } from "./accounts/series.ts";
import { AssetServer } from "./assets/serve.ts";
import { Admission } from "./admission/admission.ts";
import type { HeldMemory } from "./admission/held-memory.ts";
import { MemoryWatch } from "./admission/memory-watch.ts";
import type { Exchange } from "./request/exchange.ts";
import type { BoundSockets } from "./listeners/listen.ts";
import { type Listeners, openListeners } from "./listeners/listeners.ts";
import { GuestLogs } from "./logs/guest-logs.ts";
import { forward } from "./peers/forward.ts";
import { createLocalSite } from "./peers/local-requests.ts";
import { Pipeline } from "./routing/pipeline.ts";
import { askSupervisor } from "./program/ask-supervisor.ts";
import { createProgramHost } from "./program/host.ts";
import { DeploymentCache } from "./routing/deployments.ts";
import { createServe } from "./routing/serve-deployment.ts";
import type { RequestRecord } from "./records/request-record.ts";
import { RequestRecords } from "./records/request-records.ts";
import type { IssueLeaf } from "./tls/leaf-certificate.ts";
import { createPresented } from "./tls/secure-options.ts";
import type { ProgramHost, ProgramSite } from "./program/types.ts";

/** Programs kept compiled at once; the least used are loaded again on demand. */
const MAX_LOADED_DEPLOYMENTS = 2000;

/** Part of the loaded deployments that stays in each round of eviction while memory is short. */
const KEPT_WHEN_SHORT = 0.75;

/** Requests recorded for a new deployment, where requests are recorded at all. */
const FIRST_RECORDED = 200;

/** For a host that keeps no metrics. */
const NO_PROGRAMS: ProgramStats = {
  compiled: 0,
  compiles: 0,
  compileMs: 0,
  waiting: 0,
  pooledMemories: 0,
  pooledBytes: 0,
};

/** A supervisor that has died is replaced within this time, also under load. */
const SUPERVISOR_REPLACED_MS = 3000;

/** Time for the last responses to reach their clients, once nothing runs any more. */
const LAST_BYTES_MS = 500;

export interface EdgeServerOptions {
  readonly config: Config;
  readonly store: Store;
  /** Unix socket of the control API; requests to the bare domain go there. */
  readonly controlSocket: string;
  /** Unix socket to open for requests that peers forward; null: none. */
  readonly peerSocket: string | null;
  /** Keys of TLS session tickets, which other edges have too; by default, its own. */
  readonly ticketKeys?: Buffer;
  /** File for the id of the deployment with which this process got stuck and had to be killed. */
  readonly stuckFile?: string;
  /** Creates the host that runs programs; by default, the engine. */
  readonly programs?: (site: ProgramSite) => ProgramHost;
  /** Asks the supervisor for a certificate; called only if it signs them. */
  readonly issueLeaf: IssueLeaf;
  /** The platform's time; by default, the machine's. */
  readonly clock?: Clock;
  /**
   * Resolves to the sockets to listen on when it is time; without it the edge opens its own at once. Null:
   * only peers reach it, and the ports are the configured ones, where other edges listen.
   */
  readonly sockets?: (() => Awaitable<BoundSockets>) | null;
  /** Told when a deployment takes more CPU than is fair. */
  readonly onOffence?: (id: DeploymentId, offence: Offence) => void;
  /** Called for each request when it is over. */
  readonly observe?: (exchange: Exchange, startedAtMs: number) => void;
}

/** A serving edge. */
export interface EdgeServer {
  readonly httpPort: number;
  readonly httpsPort: number | null;
  /** Loads and compiles a deployment. Rejects with TerrariumError if there is none or it cannot be loaded. */
  load(id: DeploymentId): Promise<void>;
  /** Forgets a deployment that is gone. */
  forget(id: DeploymentId): void;
  /** From now on this version answers at the app's address. Switches with a lower number are older. */
  switchApp(name: string, id: DeploymentId | null, switchNumber: number): void;
  /** From now on a deployment runs in the process behind this socket; null: here. */
  route(id: DeploymentId, socketPath: string | null): void;
  /** The recorded last requests of a deployment; records this many more. */
  records(id: DeploymentId, further: number): readonly RequestRecord[];
  /** From now on new session tickets have these keys. */
  changeTicketKeys(keys: Buffer): void;
  stats(): EdgeStats;
  /** All figures, for Prometheus. */
  series(): Series;
  /**
   * Stops accepting, lets requests in flight finish within the grace period, writes logs, and closes.
   * `lingerMs`: how long idle connections are kept, so that a client about to use one is told to use another.
   */
  drain(graceMs: number, lingerMs: number): Promise<void>;
  /** Closes at once. */
  close(): Promise<void>;
}

const MACHINE_CLOCK: Clock = { now: Date.now, preciseNow: Date.now };
const OWN_SOCKETS: BoundSockets = { http: null, https: null };

/** Starts an edge. Rejects with TER_CANNOT_LISTEN or TER_CONFIG_INVALID. */
export async function startEdge(options: EdgeServerOptions): Promise<EdgeServer> {
  const config = { ...options.config, domain: options.config.domain.toLowerCase() };
  const clock = options.clock ?? MACHINE_CLOCK;
  const { now } = clock;
  const presented = await createPresented(config, options.issueLeaf, Date.now);
  const edge = new Edge(options, config, clock);
  try {
    const { peerSocket, sockets = () => OWN_SOCKETS } = options;
    edge.listeners = await openListeners({
      config,
      presented,
      peerSocket,
      sockets,
      handler: edge.pipeline.handle,
      now,
      ticketKeys: options.ticketKeys,
    });
  } catch (error) {
    await edge.close();
    throw error;
  }
  return edge;
}

/** The parts of an edge, from the top down: listeners, pipeline, deployments, programs. */
class Edge implements EdgeServer {
  listeners: Listeners | null = null;
  readonly pipeline: Pipeline;
  readonly #config: Config;
  readonly #logs: GuestLogs;
  readonly #accounts: RunAccounts;
  readonly #records = new RequestRecords();
  readonly #garbage = new GarbageWatch();
  readonly #routes = new Map<DeploymentId, string>();
  readonly #programs: ProgramHost;
  readonly #deployments: DeploymentCache;
  readonly #windows: NodeJS.Timeout;
  readonly #heldMemory: HeldMemory;
  readonly #memoryWatch: MemoryWatch;

  constructor(options: EdgeServerOptions, config: Config, clock: Clock) {
    const { now } = clock;
    const { store, controlSocket } = options;
    this.#config = config;
    this.#logs = new GuestLogs(store.logs);
    this.#accounts = new RunAccounts(options.onOffence ?? (() => undefined));
    const site: ProgramSite = {
      local: createLocalSite(
        { domain: config.domain, maxCalls: config.limits.localRequests },
        () => ownPorts(config, this.listeners),
        (exchange) => this.pipeline.handle(exchange),
      ),
      ownEndpoints: () => (this.listeners === null ? [] : ownEndpoints(config, this.listeners)),
      lookUpLocations: askSupervisor(controlSocket),
    };
    this.#programs =
      options.programs?.(site) ?? createProgramHost(config, store, site, options.stuckFile ?? null);
    this.#deployments = new DeploymentCache({
      store,
      load: this.#programs.load,
      now,
      maxDeployments: MAX_LOADED_DEPLOYMENTS,
    });
    const plan = memoryPlan(config);
    const admission = new Admission({
      maxInFlight: config.limits.requestsInFlight,
      isShared: config.quotas !== null,
      maxHeldBytes: plan.heldBytes,
    });
    this.#heldMemory = admission.memory;
    this.#memoryWatch = new MemoryWatch({
      maxBytes: plan.edgeBytes,
      held: admission.memory,
      shed: () => {
        this.#deployments.shrink(Math.floor(this.#deployments.size * KEPT_WHEN_SHORT));
        this.#programs.trim?.();
      },
    });
    this.pipeline = new Pipeline({
      domain: config.domain,
      apiHosts: config.apiHosts,
      deployments: this.#deployments,
      admission,
      serve: createServe({
        admission,
        assets: new AssetServer(store.artifacts),
        logs: this.#logs,
        limits: config.limits,
        clock,
        routes: this.#routes,
        accounts: this.#accounts,
        records: this.#records,
      }),
      control: (exchange) =>
        forward(exchange, {
          socketPath: controlSocket,
          patienceMs: SUPERVISOR_REPLACED_MS,
          unreachable: "TER_EDGE_CONTROL_UNREACHABLE",
        }),
      observe: options.observe ?? null,
      now,
    });
    this.#windows = setInterval(() => this.#accounts.advance(), WINDOW_MS).unref();
  }

  get httpPort(): number {
    return this.listeners?.httpPort ?? 0;
  }

  get httpsPort(): number | null {
    return this.listeners?.httpsPort ?? null;
  }

  async load(id: DeploymentId): Promise<void> {
    const deployment = await this.#deployments.find(id, `${id}.${this.#config.domain}`);
    if (deployment === undefined) throw new TerrariumError("TER_NOT_FOUND", { id });
    await (await deployment.responder()).prepare?.();
    if (this.#config.inspect) this.#records.arm(id, FIRST_RECORDED);
  }

  forget(id: DeploymentId): void {
    this.#deployments.drop(id);
    this.#routes.delete(id);
    this.#records.forget(id);
  }

  switchApp(name: string, id: DeploymentId | null, switchNumber: number): void {
    this.#deployments.apps.switched(name, id, switchNumber);
  }

  records(id: DeploymentId, further: number): readonly RequestRecord[] {
    if (further > 0) this.#records.arm(id, further);
    return this.#records.of(id);
  }

  route(id: DeploymentId, socketPath: string | null): void {
    if (socketPath === null) this.#routes.delete(id);
    else this.#routes.set(id, socketPath);
  }

  changeTicketKeys(keys: Buffer): void {
    this.listeners?.changeTicketKeys(keys);
  }

  stats(): EdgeStats {
    return {
      requests: this.pipeline.requests,
      responses: this.pipeline.responses,
      inFlight: this.pipeline.inFlight,
      deployments: this.#deployments.size,
      faults: this.#accounts.faults.values().reduce((sum, count) => sum + count, 0),
      http2Sessions: this.listeners?.http2Sessions() ?? 0,
      unsentBytes: this.listeners?.unsentBytes() ?? 0,
      heldBytes: this.#heldMemory.bytes,
      programs: this.#programs.stats?.() ?? NO_PROGRAMS,
    };
  }

  series(): Series {
    return edgeSeries({ stats: this.stats(), accounts: this.#accounts, garbage: this.#garbage });
  }

  async drain(graceMs: number, lingerMs: number): Promise<void> {
    const closed = this.listeners?.retire() ?? Promise.resolve();
    await within(Math.min(graceMs, lingerMs), closed);
    this.listeners?.closeIdle();
    await within(graceMs, this.pipeline.whenIdle());
    // Responses are in flight; idle connections need not be waited for.
    await within(Math.min(graceMs, LAST_BYTES_MS), closed);
    await this.close();
  }

  async close(): Promise<void> {
    clearInterval(this.#windows);
    this.#memoryWatch.stop();
    this.#garbage.stop();
    this.listeners?.destroy();
    this.#deployments.dispose();
    await this.#programs.close();
    await this.#logs.flush();
  }
}

/** An edge that serves apart has no listeners; the ports are those of the configuration then. */
function ownPorts({ listen, listenTls }: Config, listeners: Listeners | null): number[] {
  const configured = [listen.port, listenTls?.port ?? 0];
  return [...configured, listeners?.httpPort ?? 0, listeners?.httpsPort ?? 0].filter((port) => port !== 0);
}

function ownEndpoints(config: Config, listeners: Listeners): OwnEndpoint[] {
  const endpoints = [{ address: config.listen.host, port: listeners.httpPort }];
  if (config.listenTls !== null && listeners.httpsPort !== null)
    endpoints.push({ address: config.listenTls.host, port: listeners.httpsPort });
  return endpoints;
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
