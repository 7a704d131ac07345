// One deploy from its archive to its live URL. Each step reports to the record (for clients that poll) and to
// the progress (for clients that listen). A failure becomes the record's message.
import type { BuildEvent } from "../../compiler-host/index.ts";
import type { DeployPhase } from "../../api/index.ts";
import type { Config } from "../../config/index.ts";
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";
import type { DeploymentId, DeploymentPhase, DeploymentRecord, LogEvent, Store } from "../../store/types.ts";
import { type Apps, type Deployer, KEPT_VERSION_MS } from "../apps/apps.ts";
import { expiryOf, failedExpiry, grantTtl, readOptionalTtl } from "./lifetime.ts";
import type { ParsedProject } from "../parsing/jobs.ts";
import type { Parser } from "../parsing/parser.ts";
import type { Progress } from "./progress.ts";
import type { ArtifactBuilder, BuiltArtifact, EdgeLoader, Upload } from "./types.ts";

/** What a deploy needs from the platform. */
export interface PipelineServices {
  readonly config: Config;
  readonly store: Store;
  readonly apps: Pick<Apps, "admit" | "addVersion" | "promote" | "inTurn" | "keptSettings">;
  readonly builder: ArtifactBuilder;
  /** Unpacks archives and reads project files, away from this process. */
  readonly parser: Pick<Parser, "parse">;
  readonly edges: EdgeLoader;
  readonly now: () => number;
  /** Resolves when the deployment answers at its public addresses. */
  readonly awaitHealth: (id: DeploymentId, signal: AbortSignal) => Promise<void>;
  /** The URL to show of a deployment or an app, by its name. */
  readonly urlOf: (name: string) => string;
}

/** One deploy under way. */
export class Deploy {
  readonly #services: PipelineServices;
  readonly #id: DeploymentId;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  #log: LogEvent[] = [];

  constructor(services: PipelineServices, id: DeploymentId, progress: Progress, signal: AbortSignal) {
    this.#services = services;
    this.#id = id;
    this.#progress = progress;
    this.#signal = signal;
  }

  /**
   * Never rejects: the outcome is in the record and in the progress. Resolves with the time at which the
   * record expires.
   */
  async run(upload: Upload, deployer: Deployer): Promise<number | null> {
    try {
      return await this.#toLive(upload, deployer);
    } catch (error) {
      return await this.#fail(error);
    }
  }

  async #toLive(upload: Upload, deployer: Deployer): Promise<number | null> {
    const { builder, parser, config, apps } = this.#services;
    this.#progress.begin("upload", "Reading the archive");
    const { uploadBytes, unpackedBytes, archiveEntries } = config.limits;
    const project = await parser.parse("project", {
      archive: upload.archive,
      limits: { uploadBytes, unpackedBytes, archiveEntries },
      asked: upload.language ?? null,
      hint: upload.languageHint,
    });
    const { manifest, language } = project;
    const asked = upload.ttlMs === undefined ? readOptionalTtl(manifest.ttl) : upload.ttlMs;
    const app = upload.app ?? manifest.app ?? null;
    if (app !== null) await apps.admit(app, deployer);
    if (app !== null && asked !== undefined) throw new TerrariumError("TER_APP_TTL", { app });
    const ttlMs = app === null ? grantTtl(config, asked) : KEPT_VERSION_MS;
    await this.#update({ language, name: upload.name || (manifest.name ?? "") });
    const built = await this.#build(builder, project, upload);
    await this.#enter("native", "native", "Generating machine code");
    if (app !== null) await this.#update({ app, version: await apps.addVersion(app, deployer) });
    const target = upload.isPreview ? null : app;
    const serve = async () => await this.#serve(built, app, { ttlMs, target });
    const { record, expiresAtMs } = await (app === null ? serve() : apps.inTurn(app, serve));
    this.#progress.add({ event: "live", record });
    return expiresAtMs;
  }

  /** What is built answers at its own address, and then at that of `target`. Versions of an app take turns. */
  async #serve(
    built: BuiltArtifact,
    app: string | null,
    { ttlMs, target }: { readonly ttlMs: number | null; readonly target: string | null },
  ): Promise<{ readonly record: DeploymentRecord; readonly expiresAtMs: number | null }> {
    const { store, edges, apps, awaitHealth } = this.#services;
    const kept = app === null ? {} : await apps.keptSettings(app);
    await store.artifacts.put(this.#id, { ...built.manifest, ...kept }, built.blobs);
    await edges.load(this.#id);
    await this.#enter("deploying", "health", "Deploying");
    await awaitHealth(this.#id, this.#signal);
    await this.#flushLog();
    return await this.#goLive(ttlMs, target);
  }

  /** The deployment is live at its own address, and then at that of the app, if one is named. */
  async #goLive(ttlMs: number | null, app: string | null) {
    const { now, apps, urlOf, store } = this.#services;
    const expiresAtMs = expiryOf(ttlMs, now());
    const message = `Deploy complete: ${urlOf(app ?? this.#id)}`;
    const record = await this.#update({ phase: "live", message, expiresAtMs });
    if (app === null) return { record, expiresAtMs };
    await apps.promote(app, this.#id);
    return { record: (await store.deployments.get(this.#id)) ?? record, expiresAtMs };
  }

  async #build(
    builder: ArtifactBuilder,
    { files, manifest }: ParsedProject,
    { language = null, languageHint, flags, settings }: Upload,
  ): Promise<BuiltArtifact> {
    await this.#enter("building", "compile", "Building");
    const built = await builder.build(files, {
      hint: languageHint,
      language,
      manifest:
        settings === undefined ? manifest : { ...manifest, settings: { ...manifest.settings, ...settings } },
      flags,
      onEvent: (event) => this.#hear(event),
      signal: this.#signal,
    });
    await this.#flushLog();
    return built;
  }

  #hear(event: BuildEvent): void {
    if (event.kind === "output") {
      this.#progress.add({ event: "output", text: event.text });
      this.#log.push({ atMs: this.#services.now(), source: "build", request: null, text: event.text });
    } else if (event.kind === "queued") {
      const message = `Waiting for build (queue position ${event.queuePosition})`;
      this.#progress.begin("queue", message, event.queuePosition);
      void this.#update({ phase: "queued", message }).catch(() => {});
    } else {
      this.#progress.begin(event.phase, event.label);
      void this.#update({ phase: "building", message: event.label }).catch(() => {});
    }
  }

  async #enter(phase: DeploymentPhase, step: DeployPhase, message: string): Promise<void> {
    this.#signal.throwIfAborted();
    this.#progress.begin(step, message);
    await this.#update({ phase, message });
  }

  async #fail(cause: unknown): Promise<number> {
    const { config, now } = this.#services;
    const error = asTerrariumError(cause);
    const expiresAtMs = failedExpiry(config, now());
    this.#log.push({ atMs: now(), source: "platform", request: null, text: error.text });
    await this.#flushLog().catch(() => {});
    const change = { phase: "failed", message: error.text, errorCode: error.code, expiresAtMs } as const;
    const record = await this.#update(change).catch(() => lostRecord(this.#id, change));
    this.#progress.add({ event: "failed", record, error });
    return expiresAtMs;
  }

  /** Throws TER_NOT_FOUND if it has been deleted in the meantime. */
  async #update(change: Partial<Omit<DeploymentRecord, "id">>): Promise<DeploymentRecord> {
    const { store } = this.#services;
    const record = (await store.deployments.update(this.#id, change))
      ? await store.deployments.get(this.#id)
      : undefined;
    if (record === undefined) throw new TerrariumError("TER_NOT_FOUND", { id: this.#id });
    return record;
  }

  async #flushLog(): Promise<void> {
    const events = this.#log;
    this.#log = [];
    if (events.length > 0) await this.#services.store.logs.append(this.#id, events);
  }
}

function lostRecord(id: DeploymentId, change: Partial<DeploymentRecord>): DeploymentRecord {
  const blank = {
    name: "",
    language: null,
    createdAtMs: 0,
    tokenDigest: "" as DeploymentRecord["tokenDigest"],
    source: "",
    app: null,
    version: null,
  };
  return { ...blank, phase: "failed", message: "", errorCode: null, expiresAtMs: null, ...change, id };
}
