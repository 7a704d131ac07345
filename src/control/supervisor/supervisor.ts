// The supervisor: owns the data directory, starts everything else, and shuts it down in order. One per data
// directory.
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import type { Offence } from "../../edge/index.ts";
import { edgeV8Flags } from "../../engine/v8-flags.ts";
import type { DeploymentId, Store } from "../../store/types.ts";
import { acquireSupervisorLock, makeRoomForStart, openStore } from "../../store/index.ts";
import { createCertificates } from "../tls/certificates.ts";
import type { Platform } from "../api/platform.ts";
import type { PublicPorts } from "../deployments/urls.ts";
import { createPresented } from "../../edge/tls/secure-options.ts";
import { TerrariumError } from "../../errors/index.ts";
import { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { EdgePool } from "./edge-pool.ts";
import { edgeSurroundings } from "./edge-surroundings.ts";
import { Liveness } from "./liveness.ts";
import type { Logger } from "./log.ts";
import type { ControlServices } from "./services.ts";
import { PlatformClock } from "./platform-clock.ts";
import { watchOrphans } from "./orphans.ts";
import { Quarantine } from "./quarantine.ts";
import { Launcher } from "./launcher.ts";
import { type ListeningSockets, openListeningSockets } from "./listening-sockets.ts";
import { CONTROL_SOCKET, makeRunDirectory, removeStaleSockets } from "./run-directory.ts";

/** A platform that serves. */
export interface Supervisor {
  readonly ports: PublicPorts;
  /** Why edges run without a sandbox; null if they have one. */
  readonly withoutSandbox: string | null;
  readonly platform: Platform;
  /** Shuts down: accepts nothing more, finishes requests within the grace period, and closes the store. */
  stop(): Promise<void>;
  /**
   * Makes way for a successor: finishes deploys under way and closes the store. The edges serve on until
   * those of the successor listen.
   */
  leave(): Promise<void>;
  /** Ends the edges at once; the caller exits. */
  kill(): void;
}

/** What the caller of a supervisor does for it. */
export interface SupervisorHost {
  readonly log: Logger;
  /** A PATH to find programs in. */
  readonly path: string;
  /** Reads the settings again. Throws TER_CONFIG_INVALID. */
  readonly readConfig: () => Config;
  /** Called when the supervisor is asked to make way for a successor. */
  readonly onReload: () => void;
}

/** Steps that undo a start, in reverse order. */
type Undo = (() => unknown)[];

/** An edge whose last heartbeat is older serves no more. */
const EDGE_GONE_MS = 10_000;
/** A step that hangs keeps nobody from learning that the start failed. */
const UNDO_MS = 2000;

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

/** Starts the platform. Throws TerrariumError if it cannot: port in use, data directory in use or too new. */
export async function startSupervisor(config: Config, host: SupervisorHost): Promise<Supervisor> {
  makeRoomForStart(config.dataDir);
  const lock = acquireSupervisorLock(config.dataDir);
  const undo: Undo = [() => lock.release()];
  try {
    return await start(config, host, undo);
  } catch (error) {
    await Promise.race([undoAll(undo), new Promise((resolve) => setTimeout(resolve, UNDO_MS))]);
    throw error;
  }
}

async function start(config: Config, host: SupervisorHost, undo: Undo): Promise<Supervisor> {
  const { log } = host;
  const launcher = Launcher.ofThisProcess();
  const clock = new PlatformClock(config.dataDir, log);
  const store = await openStore(config, { role: "supervisor", now: clock.now });
  undo.push(
    () => store.close(),
    () => clock.stop(),
  );
  clock.start();
  const sandbox = await findSandbox(config, host.path);
  const runDir = makeRunDirectory(config.dataDir);
  const liveness = new Liveness(store, clock.now, log);
  const outlived = await clearTheWay(liveness, runDir);
  undo.push(watchOrphans(runDir));
  const controlSocket = join(runDir, CONTROL_SOCKET);
  const sockets = await openListeningSockets(config, launcher, outlived);
  undo.push(() => sockets.close());
  const onRestart = (name: string, reason: string) =>
    log.warn({ reason }, `Restarting ${name}, which exited`);
  const onOffence = (id: DeploymentId, offence: Offence) => quarantine.accuse(id, offence);
  const issueLeaf = createCertificates(config);
  const edges = new EdgePool({
    config: withPorts(config, sockets.ports),
    sockets,
    runDir,
    controlSocket,
    housing: {
      execArgv: edgeV8Flags(),
      sandbox: sandbox.edges,
      surroundings: edgeSurroundings(config, runDir),
    },
    clockBaseMs: clock.baseMs,
    issueLeaf,
    edgesAlive: async () => {
      const members = await store.liveness.members(EDGE_GONE_MS);
      return members.filter(({ role }) => role === "edge").map(({ name }) => name);
    },
    onRestart,
    onOffence,
  });
  const quarantine = new Quarantine({
    startApart: (onExit) => edges.startApart(onExit),
    route: (id, socketPath) => edges.route(id, socketPath),
    now: clock.now,
    log: (id, text) => log.warn({ deployment: id }, text),
  });
  undo.push(
    () => edges.kill(),
    () => quarantine.close(),
  );
  edges.start();
  const { ports } = sockets;
  const { startServices } = await import("./services.ts");
  const reload = async () => {
    if (launcher === null) throw new TerrariumError("TER_CANNOT_RELOAD");
    await createPresented(host.readConfig(), issueLeaf, Date.now);
    host.onReload();
  };
  const services = await startServices({
    config,
    store,
    clock,
    sandbox: sandbox.edges,
    edges,
    quarantine,
    ports,
    controlSocket,
    log,
    reload,
  });
  undo.push(() => services.close());
  // Edges that outlived their supervisor keep serving; only the API was missing.
  await edges.open();
  await liveness.start();
  services.setReady(true);
  return running({
    withoutSandbox: sandbox.missing,
    config,
    sockets,
    services,
    edges,
    quarantine,
    liveness,
    clock,
    store,
    lock: undo[0],
  });
}

/** The sandbox of edges, or why they have none. */
interface FoundSandbox {
  readonly edges: EdgeSandbox | null;
  readonly missing: string | null;
}

interface Parts {
  readonly withoutSandbox: string | null;
  readonly config: Config;
  readonly sockets: ListeningSockets;
  readonly services: ControlServices;
  readonly edges: EdgePool;
  readonly quarantine: Quarantine;
  readonly liveness: Liveness;
  readonly clock: PlatformClock;
  readonly store: Store;
  /** Gives the data directory's lock back. */
  readonly lock: Undo[number] | undefined;
}

function running(parts: Parts): Supervisor {
  const { config, sockets, services, edges, quarantine, liveness, clock, store, lock } = parts;
  return {
    ports: sockets.ports,
    withoutSandbox: parts.withoutSandbox,
    platform: services.platform,
    kill: () => edges.kill(),
    async leave() {
      services.setReady(false);
      quarantine.close();
      await services.settle(config.graceMs);
      edges.leave();
      await Promise.all([services.close(), liveness.stop()]);
      clock.stop();
      await store.close();
      lock?.();
    },
    async stop() {
      services.setReady(false);
      quarantine.close();
      await Promise.all([services.settle(config.graceMs), edges.drain(config.graceMs)]);
      await Promise.all([services.close(), liveness.stop()]);
      sockets.close();
      clock.stop();
      await store.close();
      lock?.();
    },
  };
}

/** Throws TER_NO_SANDBOX if strangers use the server and edges would run without. */
async function findSandbox({ sandbox }: Config, path: string): Promise<FoundSandbox> {
  if (sandbox === "off") return { edges: null, missing: "--unsafe-no-sandbox" };
  const found = await EdgeSandbox.find(path);
  if (found instanceof EdgeSandbox) return { edges: found, missing: null };
  if (sandbox === "required") throw new TerrariumError("TER_NO_SANDBOX", { reason: found.missing });
  return { edges: null, missing: found.missing };
}

function withPorts(config: Config, { httpPort, httpsPort }: PublicPorts): Config {
  const listen = { ...config.listen, port: httpPort };
  const { listenTls } = config;
  if (listenTls === null || httpsPort === null) return { ...config, listen };
  return { ...config, listen, listenTls: { ...listenTls, port: httpsPort } };
}

/** True if edges of an earlier supervisor still serve; they keep listening until ours do. */
async function clearTheWay(liveness: Liveness, runDir: string): Promise<boolean> {
  const orphans = await liveness.livingEdges();
  removeStaleSockets(runDir, new Set(orphans.flatMap(({ socket }) => socket ?? [])));
  return orphans.length > 0;
}
