// One edge: listeners, pipeline and caches put together. A process has one; tests may have several.
import { Agent } from "node:http";
import type { Config } from "../config/index.ts";
import { TerrariumError } from "../errors/index.ts";
import type { OwnEndpoint } from "../hostcalls/index.ts";
import type { DeploymentId, Store } from "../store/types.ts";
import { edgeSeries } from "./accounts/edge-series.ts";
import { GarbageWatch } from "./accounts/garbage.ts";
import { type Offence, RunAccounts, WINDOW_MS } from "./accounts/run-accounts.ts";
import type { Series } from "./accounts/series.ts";
import { AssetServer } from "./assets/serve.ts";
import type { Exchange } from "./exchange.ts";
import { type Listeners, openListeners } from "./listeners/listeners.ts";
import { GuestLogs } from "./logs/guest-logs.ts";
import { CONTROL_HEADERS } from "./messages.ts";
import { forward } from "./peers/forward.ts";
import { createLocalSite } from "./peers/local-requests.ts";
import { Pipeline } from "./pipeline.ts";
import { askSupervisor } from "./program/ask-supervisor.ts";
import { createProgramHost } from "./program/host.ts";
import { DeploymentCache } from "./routing/deployments.ts";
import { createServe, type Placement } from "./routing/serve-deployment.ts";
import type { RequestRecord } from "./records/request-record.ts";
import { RequestRecords } from "./records/request-records.ts";
import { createPresented } from "./tls/secure-options.ts";
import type { EdgeStats, ProgramHost, ProgramSite, ProgramStats } from "./types.ts";

/** Programs kept compiled at once; the least used are loaded again when asked for. */
const MAX_LOADED_DEPLOYMENTS = 2000;

/** Requests recorded of a deployment that is new, where requests are recorded at all. */
const FIRST_RECORDED = 200;

/** Of a host that keeps no figures. */
const NO_PROGRAMS: ProgramStats = {
  compiled: 0,
  compiles: 0,
  compileMs: 0,
  waiting: 0,
  pooledMemories: 0,
  pooledBytes: 0,
};

/** Time for the last answers to reach their clients, once nothing runs any more. */
const LAST_BYTES_MS = 500;

export interface EdgeOptions {
  readonly config: Config;
  readonly store: Store;
  /** Unix socket of the control API; requests to the bare domain go there. */
  readonly controlSocket: string;
  /** Unix socket to open for requests that peers pass on; null: none. */
  readonly peerSocket: string | null;
  /** File for the id of a deployment with which this process got stuck, so that it had to be killed. */
  readonly stuckFile?: string;
  /** What runs programs; without it, the engine. */
  readonly programs?: (site: ProgramSite) => ProgramHost;
  readonly now?: () => number;
  /** Where a deployment runs; without it, here. */
  readonly placementOf?: (id: DeploymentId) => Placement | undefined;
  /** False: only for peers. Ports are then those of the configuration, where other edges listen. */
  readonly listens?: boolean;
  /** Told when a deployment takes more CPU than is fair. */
  readonly onOffence?: (id: DeploymentId, offence: Offence) => void;
  /** Told of each request when it is over. */
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
  /** From now on a deployment runs in the process behind this socket; null: here again. */
  place(id: DeploymentId, socketPath: string | null): void;
  /** The last requests of a deployment, as far as they were recorded; records this many further ones. */
  records(id: DeploymentId, further: number): readonly RequestRecord[];
  stats(): EdgeStats;
  /** All figures, for Prometheus. */
  series(): Series;
  /** Stops accepting, lets requests under way finish within the grace period, writes logs, closes. */
  drain(graceMs: number): Promise<void>;
  /** Closes at once. */
  close(): Promise<void>;
}

/** Starts an edge. Rejects with TER_EDGE_CANNOT_LISTEN or TER_CONFIG_INVALID. */
export async function startEdge(options: EdgeOptions): Promise<EdgeServer> {
  const { store } = options;
  const config = { ...options.config, domain: options.config.domain.toLowerCase() };
  const now = options.now ?? Date.now;
  const presented = await createPresented(config, now);
  const site: ProgramSite = {
    local: createLocalSite(config.domain, (exchange) => pipeline.handle(exchange)),
    ownEndpoints: () => endpoints,
    lookUpPlaces: askSupervisor(options.controlSocket),
  };
  const programs =
    options.programs?.(site) ?? createProgramHost(config, store, site, options.stuckFile ?? null);
  const deployments = new DeploymentCache({
    store,
    load: programs.load,
    now,
    maxDeployments: MAX_LOADED_DEPLOYMENTS,
  });
  const logs = new GuestLogs(store.logs);
  const agent = agentForPeers();
  const records = new RequestRecords();
  const placements = new Map<DeploymentId, Placement>();
  const accounts = new RunAccounts(options.onOffence ?? (() => undefined));
  const windows = setInterval(() => accounts.advance(), WINDOW_MS).unref();
  const garbage = new GarbageWatch();
  let endpoints: readonly OwnEndpoint[] = [];
  const serve = createServe({
    assets: new AssetServer(store.artifacts),
    logs,
    limits: config.limits,
    now,
    agent,
    placementOf: options.placementOf ?? ((id) => placements.get(id)),
    accounts,
    records,
  });
  const pipeline = new Pipeline({
    domain: config.domain,
    deployments,
    maxInFlight: config.limits.requestsInFlight,
    serve,
    control: (exchange) => forward(exchange, controlTarget(options.controlSocket, agent, exchange)),
    observe: options.observe ?? null,
    now,
  });
  const listeners = await openListeners({
    config,
    presented,
    peerSocket: options.peerSocket,
    listens: options.listens ?? true,
    handler: pipeline.handle,
    now,
  }).catch(async (error: unknown) => {
    clearInterval(windows);
    deployments.dispose();
    await programs.close();
    throw error;
  });
  endpoints = ownEndpoints(config, listeners);
  const close = async () => {
    clearInterval(windows);
    garbage.stop();
    listeners.destroy();
    deployments.dispose();
    agent.destroy();
    await programs.close();
    await logs.flush();
  };
  const stats = () => statsOf({ pipeline, deployments, accounts, listeners, programs });
  return {
    httpPort: listeners.httpPort,
    httpsPort: listeners.httpsPort,
    async load(id) {
      const deployment = await deployments.find(id, `${id}.${config.domain}`);
      if (deployment === undefined) throw new TerrariumError("TER_NOT_FOUND", { id });
      await (await deployment.responder()).prepare?.();
      if (config.inspect) records.arm(id, FIRST_RECORDED);
    },
    forget: (id) => {
      deployments.drop(id);
      placements.delete(id);
      records.forget(id);
    },
    records(id, further) {
      if (further > 0) records.arm(id, further);
      return records.of(id);
    },
    place(id, socketPath) {
      if (socketPath === null) placements.delete(id);
      else placements.set(id, { kind: "peer", socketPath });
    },
    stats,
    series: () => edgeSeries({ stats: stats(), accounts, garbage }),
    async drain(graceMs) {
      const closed = listeners.stop();
      await within(graceMs, pipeline.whenIdle());
      // Answers are on their way; connections on which nothing was asked yet need not be waited for.
      await within(Math.min(graceMs, LAST_BYTES_MS), closed);
      await close();
    },
    close,
  };
}

/** What an edge consists of, as far as it is counted. */
interface Counted {
  readonly pipeline: Pipeline;
  readonly deployments: DeploymentCache;
  readonly accounts: RunAccounts;
  readonly listeners: Listeners;
  readonly programs: ProgramHost;
}

function statsOf({ pipeline, deployments, accounts, listeners, programs }: Counted): EdgeStats {
  return {
    requests: pipeline.requests,
    responses: pipeline.responses,
    inFlight: pipeline.inFlight,
    deployments: deployments.size,
    faults: accounts.faults.values().reduce((sum, count) => sum + count, 0),
    http2Sessions: listeners.http2Sessions(),
    programs: programs.stats?.() ?? NO_PROGRAMS,
  };
}

function agentForPeers(): Agent {
  // A socket to a process that was just replaced is dead, and connecting over a Unix socket is cheap.
  const agent = new Agent({ keepAlive: true });
  // Asking for `connection: close` instead lets a quick answerer close while the end of the request is still being
  // written: that write then fails with EPIPE and takes the answer with it.
  agent.maxFreeSockets = 0;
  return agent;
}

function ownEndpoints(config: Config, listeners: Listeners): OwnEndpoint[] {
  const endpoints = [{ address: config.listen.host, port: listeners.httpPort }];
  if (config.listenTls !== null && listeners.httpsPort !== null)
    endpoints.push({ address: config.listenTls.host, port: listeners.httpsPort });
  return endpoints;
}

function controlTarget(socketPath: string, agent: Agent, exchange: Exchange) {
  const facts = {
    [CONTROL_HEADERS.client]: exchange.clientAddress,
    [CONTROL_HEADERS.scheme]: exchange.scheme,
  };
  return { socketPath, agent, facts, unreachable: "TER_EDGE_CONTROL_UNREACHABLE" } as const;
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
