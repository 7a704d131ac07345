// The supervisor: owns the data directory, starts everything else, and ends it in order. One per data directory.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBuilder } from "../../build/index.ts";
import type { Config } from "../../config/index.ts";
import { ensureAuthority } from "../../edge/tls/authority.ts";
import { acquireSupervisorLock, openStore } from "../../store/index.ts";
import { EDGE_V8_FLAGS } from "../../engine/index.ts";
import { createApp } from "../api/app.ts";
import type { Platform } from "../api/platform.ts";
import { createArtifactBuilder } from "../artifacts/artifact-builder.ts";
import { Deployments } from "../deployments/deployments.ts";
import { awaitHealth } from "../deployments/health.ts";
import { type PublicPorts, urlsOf } from "../deployments/urls.ts";
import { Templates } from "../templates/templates.ts";
import { closeControl, listenControl } from "./control-server.ts";
import { EdgePool } from "./edge-pool.ts";
import { languageStates } from "./languages.ts";
import { Liveness } from "./liveness.ts";
import type { Logger } from "./log.ts";
import { ensureOperatorToken } from "./operator-token.ts";
import { checkFree } from "./ports.ts";
import { CONTROL_SOCKET, makeRunDirectory, removeStaleSockets } from "./run-directory.ts";
import { packageVersion } from "./version.ts";

/** A platform that serves. */
export interface Supervisor {
  readonly ports: PublicPorts;
  readonly platform: Platform;
  /** Ends in order: accept nothing more, finish what is under way within the grace period, close the store. */
  stop(): Promise<void>;
  /** Ends the edges at once; the caller exits. */
  kill(): void;
}

/** Starts the platform. Throws TerrariumError if it cannot: port in use, data directory in use or too new. */
export async function startSupervisor(config: Config, log: Logger): Promise<Supervisor> {
  const lock = acquireSupervisorLock(config.dataDir);
  const undo: (() => unknown)[] = [() => lock.release()];
  try {
    return await start(config, log, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

async function start(config: Config, log: Logger, undo: (() => unknown)[]): Promise<Supervisor> {
  const store = await openStore(config, { role: "supervisor" });
  undo.push(() => store.close());
  const runDir = makeRunDirectory(config.dataDir);
  const liveness = new Liveness(store, log);
  const orphans = await liveness.livingEdges();
  removeStaleSockets(runDir, new Set(orphans.flatMap(({ socket }) => socket ?? [])));
  // Edges that outlived their supervisor hold the ports until ours listen beside them; then they drain.
  if (orphans.length === 0) await checkPorts(config);
  const authority = config.tls.kind === "auto" ? await ensureAuthority(config.dataDir) : null;
  const controlSocket = join(runDir, CONTROL_SOCKET);
  const edges = new EdgePool({
    config,
    runDir,
    controlSocket,
    execArgv: EDGE_V8_FLAGS,
    onRestart: (name, reason) => log.warn({ reason }, `${name} ended; starting it again`),
  });
  undo.push(() => edges.kill());
  const ports = await edges.start();
  const builder = createBuilder(config);
  undo.push(() => builder.close());
  const caPem = authority?.certificatePem ?? null;
  const health = { config, ports, ca: caPem ?? undefined };
  const deployments = new Deployments({
    config,
    store,
    builder: createArtifactBuilder(builder, config),
    edges,
    now: Date.now,
    awaitHealth: (id, signal) => awaitHealth(health, id, signal),
    urlOf: (id) => urlsOf(config, ports, id).url,
    onError: (error) => log.error({ err: error }, "a deployment could not be looked after"),
  });
  let ready = false;
  const platform: Platform = {
    config,
    store,
    deployments,
    templates: new Templates(),
    now: Date.now,
    ports,
    operatorToken: ensureOperatorToken(config.dataDir),
    version: packageVersion(),
    caPem,
    studioDir: studioFolder(),
    languages: () => languageStates(builder),
    isReady: () => ready,
    edges: () => edges.status(),
    log,
  };
  const control = await listenControl(createApp(platform), controlSocket);
  undo.push(() => closeControl(control, 0));
  await deployments.start();
  await liveness.start();
  ready = true;
  return {
    ports,
    platform,
    async stop() {
      ready = false;
      await Promise.all([deployments.stop(config.graceMs), edges.drain(config.graceMs)]);
      await Promise.all([closeControl(control, 100), builder.close(), liveness.stop()]);
      await store.close();
      undo[0]?.();
    },
    kill: () => edges.kill(),
  };
}

async function checkPorts(config: Config): Promise<void> {
  await checkFree(config.listen, "--listen");
  if (config.listenTls !== null) await checkFree(config.listenTls, "--listen-tls");
}

function studioFolder(): string | null {
  const folder = fileURLToPath(new URL("../../../studio/dist", import.meta.url));
  return existsSync(join(folder, "index.html")) ? folder : null;
}
