// Everything in the supervisor that is not needed to start the edges: builder, deployments, API. It is loaded
// while the edges start, because its libraries take as long to load as they do.
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBuilder } from "../../builder/index.ts";
import { defaultRustSettings, rustState } from "../../languages/rust/index.ts";
import type { Config } from "../../config/index.ts";
import { memoryPlan } from "../../config/memory-plan.ts";
import { authorityOf } from "../tls/certificates.ts";
import type { DeploymentId, Store } from "../../store/types.ts";
import { createApp } from "../api/app.ts";
import type { Platform } from "../api/platform.ts";
import { UploadBudget } from "../api/upload-budget.ts";
import { createArtifactBuilder } from "../artifacts/artifact-builder.ts";
import { AppSettings } from "../apps/app-settings.ts";
import { Apps } from "../apps/apps.ts";
import { Deployments } from "../deployments/deployments.ts";
import { awaitHealth } from "../deployments/health.ts";
import { type PublicPorts, urlsOf } from "../deployments/urls.ts";
import { Parser } from "../parsing/parser.ts";
import { Templates } from "../templates/templates.ts";
import { listenControl } from "./control-server.ts";
import type { EdgePool } from "./edge-pool.ts";
import type { Quarantine } from "./quarantine.ts";
import { createLanguages } from "./languages.ts";
import { terrariumVersion } from "../version.ts";
import type { Logger } from "./log.ts";
import type { PlatformClock } from "./platform-clock.ts";
import type { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { programPath } from "../program-path.ts";
import { childEnvironment } from "../../config/environment.ts";
import { lowerPriority } from "../../processes/priority.ts";
import { ensureOperatorToken } from "./operator-token.ts";

/** The edges start first and get the processor first. */
const PREWARM_AFTER_MS = 500;
/** Time for API responses to finish after everything else has ended. */
const LAST_ANSWERS_MS = 100;

export interface ControlServicesOptions {
  readonly config: Config;
  readonly store: Store;
  readonly edges: EdgePool;
  readonly quarantine: Quarantine;
  readonly ports: PublicPorts;
  readonly controlSocket: string;
  readonly clock: PlatformClock;
  /** Null: processes that compile strangers' modules run without. */
  readonly sandbox: EdgeSandbox | null;
  readonly log: Logger;
  readonly reload: () => Promise<void>;
}

/** The running services. */
export interface ControlServices {
  readonly platform: Platform;
  /** From now on, edges of an earlier supervisor drain. */
  setReady(ready: boolean): void;
  /** Accepts nothing more and waits for running deploys. */
  settle(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts them. */
export async function startServices(options: ControlServicesOptions): Promise<ControlServices> {
  const { config, store, clock, log } = options;
  const { buildBytes, compileBytes, uploadBytes } = memoryPlan(config);
  const builder = createBuilder({ ...config, memoryBytes: buildBytes });
  const caPem = config.tls.kind === "auto" ? (await authorityOf(config)).certificatePem : null;
  const parser = new Parser();
  const limits = { ...config.limits, compileBytes };
  const artifacts = createArtifactBuilder(builder, { limits }, options.sandbox);
  const apps = createApps(options);
  const deployments = createDeployments(options, artifacts, { parser, caPem, apps });
  let isReady = false;
  const platform: Platform = {
    config,
    store,
    deployments,
    apps,
    appSettings: createAppSettings(options, apps, caPem),
    uploads: new UploadBudget(uploadBytes, config.quotas !== null),
    templates: new Templates(),
    parser,
    now: clock.now,
    isoOf: (atMs) => new Date(clock.wallOf(atMs)).toISOString(),
    ports: options.ports,
    operatorToken: ensureOperatorToken(config.dataDir),
    version: terrariumVersion(),
    startedAtMs: clock.now(),
    reload: options.reload,
    caPem,
    studioDir: studioFolder(),
    languages: createLanguages({
      look: () => rustState({ ...defaultRustSettings(), ...config.rust }),
      requireSandbox: config.rust.requireSandbox,
      now: clock.now,
    }),
    records: (id, further) => options.edges.records(id, further),
    symbolize: (wasm, offsets) => builder.symbolize(wasm, offsets),
    moduleText: (wasm, signal) => builder.moduleText(wasm, signal),
    isReady: () => isReady,
    quarantine: (id) => options.quarantine.of(id),
    series: () => options.edges.series(),
    edges: () => options.edges.status(),
    log,
  };
  const app = createApp(platform);
  const control = await listenControl((request, from) => app.fetch(request, from), options.controlSocket);
  await deployments.start();
  const prewarm = setTimeout(() => {
    parser.prewarm();
    artifacts.prewarm();
    warmCompileCache();
  }, PREWARM_AFTER_MS).unref();
  return {
    platform,
    setReady: (ready) => (isReady = ready),
    settle: (graceMs) => deployments.stop(graceMs),
    close: async () => {
      clearTimeout(prewarm);
      await Promise.all([control.close(LAST_ANSWERS_MS), builder.close()]);
      artifacts.close();
      parser.close();
    },
  };
}

function createApps(options: ControlServicesOptions): Apps {
  const { store, edges, config, clock } = options;
  return new Apps({
    store,
    now: clock.now,
    quotas: config.quotas,
    edges: {
      load: (id) => edges.load(id),
      switchApp: (app, id, switchNumber) => edges.switchApp(app, id, switchNumber),
      forget: (id) => forget(options, id),
    },
  });
}

function createAppSettings(options: ControlServicesOptions, apps: Apps, caPem: string | null): AppSettings {
  const { store, edges, config, clock, ports } = options;
  const health = { config, ports, ca: caPem ?? undefined };
  return new AppSettings({
    store,
    apps,
    edges: { load: (id) => edges.load(id) },
    now: clock.now,
    maxDeployments: config.limits.deployments,
    awaitHealth: (id) => awaitHealth(health, id, new AbortController().signal),
    urlOf: (name) => urlsOf(config, ports, name).url,
  });
}

function forget({ edges, quarantine }: ControlServicesOptions, id: DeploymentId): void {
  edges.forget(id);
  quarantine.forget(id);
}

function createDeployments(
  options: ControlServicesOptions,
  builder: ReturnType<typeof createArtifactBuilder>,
  { parser, caPem, apps }: { readonly parser: Parser; readonly caPem: string | null; readonly apps: Apps },
): Deployments {
  const { config, store, clock, ports, log } = options;
  const edges = {
    load: (id: DeploymentId) => options.edges.load(id),
    forget: (id: DeploymentId) => forget(options, id),
  };
  const health = { config, ports, ca: caPem ?? undefined };
  return new Deployments({
    config,
    store,
    builder,
    parser,
    apps,
    edges,
    now: clock.now,
    awaitHealth: (id, signal) => awaitHealth(health, id, signal),
    urlOf: (name) => urlsOf(config, ports, name).url,
    onError: (error) => log.error({ err: error }, "Deploy failed in an unexpected way"),
  });
}

/** Without a cache there is nothing to keep. */
function warmCompileCache(): void {
  const env = childEnvironment();
  if (env["NODE_COMPILE_CACHE"] === undefined) return;
  const child = fork(programPath("../warming/main", import.meta.url), [], { env, stdio: "ignore" });
  child.on("error", () => undefined).unref();
  child.channel?.unref();
  lowerPriority(child.pid, 19);
}

function studioFolder(): string | null {
  const folder = fileURLToPath(new URL("../../../studio/dist", import.meta.url));
  return existsSync(join(folder, "index.html")) ? folder : null;
}
