// The supervisor: owns the data directory, starts everything else, and ends it in order. One per data
// directory.
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import type { Offence } from "../../edge/index.ts";
import { edgeV8Flags } from "../../engine/v8-flags.ts";
import type { DeploymentId } from "../../store/types.ts";
import { acquireSupervisorLock, openStore } from "../../store/index.ts";
import type { Platform } from "../api/platform.ts";
import type { PublicPorts } from "../deployments/urls.ts";
import { EdgePool } from "./edge-pool.ts";
import { Liveness } from "./liveness.ts";
import type { Logger } from "./log.ts";
import { Quarantine } from "./quarantine.ts";
import { checkFree } from "./ports.ts";
import { CONTROL_SOCKET, makeRunDirectory, removeStaleSockets } from "./run-directory.ts";

/** A platform that serves. */
export interface Supervisor {
  readonly ports: PublicPorts;
  readonly platform: Platform;
  /**
   * Ends in order: accept nothing more, finish what is under way within the grace period, close the store.
   */
  stop(): Promise<void>;
  /** Ends the edges at once; the caller exits. */
  kill(): void;
}

/** Steps that undo a start, to be taken in reverse. */
type Undo = (() => unknown)[];

/** Starts the platform. Throws TerrariumError if it cannot: port in use, data directory in use or too new. */
export async function startSupervisor(config: Config, log: Logger): Promise<Supervisor> {
  const lock = acquireSupervisorLock(config.dataDir);
  const undo: Undo = [() => lock.release()];
  try {
    return await start(config, log, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

async function start(config: Config, log: Logger, undo: Undo): Promise<Supervisor> {
  const store = await openStore(config, { role: "supervisor" });
  undo.push(() => store.close());
  const runDir = makeRunDirectory(config.dataDir);
  const liveness = new Liveness(store, log);
  const outlived = await clearTheWay(config, liveness, runDir);
  const controlSocket = join(runDir, CONTROL_SOCKET);
  const onRestart = (name: string, reason: string) =>
    log.warn({ reason }, `Restarting ${name}, which exited`);
  const onOffence = (id: DeploymentId, offence: Offence) => quarantine.accuse(id, offence);
  const edges = new EdgePool({
    config,
    runDir,
    controlSocket,
    execArgv: edgeV8Flags(),
    onRestart,
    onOffence,
  });
  const quarantine = new Quarantine({
    startApart: (onExit) => edges.startApart(onExit),
    place: (id, socketPath) => edges.place(id, socketPath),
    now: Date.now,
    log: (id, text) => log.warn({ deployment: id }, text),
  });
  undo.push(
    () => edges.kill(),
    () => quarantine.close(),
  );
  const loading = import("./services.ts");
  const serve = async (ports: PublicPorts) => {
    const services = await (
      await loading
    ).startServices({ config, store, edges, quarantine, ports, controlSocket, log });
    undo.push(() => services.close());
    return services;
  };
  // Edges that outlived their supervisor serve all the while; the API is what is missing, so nothing competes
  // with it.
  const earlier = outlived ? await serve(portsOf(config)) : null;
  const ports = await edges.start();
  const services = earlier ?? (await serve(ports));
  await liveness.start();
  services.setReady(true);
  return {
    ports,
    platform: services.platform,
    kill: () => edges.kill(),
    async stop() {
      services.setReady(false);
      quarantine.close();
      await Promise.all([services.settle(config.graceMs), edges.drain(config.graceMs)]);
      await Promise.all([services.close(), liveness.stop()]);
      await store.close();
      undo[0]?.();
    },
  };
}

function portsOf({ listen, listenTls }: Config): PublicPorts {
  return { httpPort: listen.port, httpsPort: listenTls === null ? null : listenTls.port };
}

/**
 * Edges that outlived their supervisor keep the ports until ours listen beside them; anybody else must not
 * have them. True if there are such edges at ports that we know.
 */
async function clearTheWay(config: Config, liveness: Liveness, runDir: string): Promise<boolean> {
  const orphans = await liveness.livingEdges();
  removeStaleSockets(runDir, new Set(orphans.flatMap(({ socket }) => socket ?? [])));
  if (orphans.length > 0) return config.listen.port !== 0 && config.listenTls?.port !== 0;
  await checkFree(config.listen, "--listen");
  if (config.listenTls !== null) await checkFree(config.listenTls, "--listen-tls");
  return false;
}
