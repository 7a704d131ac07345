// The life of deployments, from accepting a project to its removal. One object per supervisor.
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";
import type { DeploymentId, DeploymentRecord } from "../../store/types.ts";
import { Expiry } from "./expiry.ts";
import { digestOf } from "../../store/digest.ts";
import { createRecord } from "./create-record.ts";
import { drawToken } from "./identity.ts";
import { expiryOf, failedExpiry, grantTtl } from "./lifetime.ts";
import { Deploy, type PipelineServices } from "./pipeline.ts";
import { Progress } from "./progress.ts";
import { SourceLedger } from "./quotas.ts";
import type { AcceptedDeploy, AdmittedDeploy, Upload } from "./types.ts";

const UNFINISHED: readonly DeploymentRecord["phase"][] = ["queued", "building", "native", "deploying"];

/** A running deploy in this process. */
interface UnderWay {
  readonly progress: Progress;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export interface DeploymentsOptions extends PipelineServices {
  readonly onError: (error: unknown) => void;
}

export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #ledger: SourceLedger;
  readonly #expiry: Expiry;
  readonly #underWay = new Map<DeploymentId, UnderWay>();
  #stopListening: () => void = () => {};
  #stopping = false;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.#ledger = new SourceLedger(options.config.quotas, options.now);
    this.#expiry = new Expiry({
      store: options.store,
      now: options.now,
      onExpired: (ids) => ids.forEach((id) => this.#forget(id)),
      onError: options.onError,
    });
  }

  /** Ends what an earlier supervisor left unfinished, and starts to watch expiry. */
  async start(): Promise<void> {
    this.#stopListening = this.#options.store.deployments.onRemoved((id) => this.#forget(id));
    for (const record of await this.#options.store.deployments.list()) {
      if (!UNFINISHED.includes(record.phase)) continue;
      const error = new TerrariumError("TER_INTERRUPTED");
      const expiresAtMs = failedExpiry(this.#options.config, this.#options.now());
      await this.#options.store.deployments.update(record.id, {
        phase: "failed",
        message: error.text,
        errorCode: error.code,
        expiresAtMs,
      });
    }
    await this.#expiry.start();
  }

  /**
   * Lets a source begin to send a project, and counts that. Throws TER_STOPPING, TER_FULL, TER_TOO_MANY. The
   * caller passes the result to `accept`, or ends it.
   */
  async admit(source: string): Promise<AdmittedDeploy> {
    if (this.#stopping) throw new TerrariumError("TER_STOPPING");
    const { config, store } = this.#options;
    const records = await store.deployments.list();
    if (records.length >= config.limits.deployments)
      throw new TerrariumError("TER_FULL", { allowed: config.limits.deployments });
    // Each running deploy holds its archive in memory.
    if (this.#underWay.size >= config.limits.buildQueue)
      throw new TerrariumError("TER_TOO_MANY", {
        what: "deploys under way",
        allowed: config.limits.buildQueue,
      });
    this.#ledger.admit(source, records);
    let isOver = false;
    const end = () => {
      if (!isOver) this.#ledger.finish(source);
      isOver = true;
    };
    return { source, end };
  }

  /** Accepts a project; building continues afterwards. Throws TerrariumError if the app or its ttl is refused. */
  async accept(upload: Upload, admitted: AdmittedDeploy): Promise<AcceptedDeploy> {
    const { config, apps, now } = this.#options;
    const { source } = admitted;
    try {
      if (upload.app === null) grantTtl(config, upload.ttlMs);
      else await apps.admit(upload.app, { source, token: "", mayChange: upload.mayChange });
      const token = drawToken();
      const id = await this.#create(upload.name, source, token);
      return { id, token, progress: this.#begin(id, upload, { admitted, token }, new Progress(now)) };
    } catch (error) {
      admitted.end();
      throw error;
    }
  }

  /** Throws TER_NOT_FOUND. */
  async get(id: DeploymentId): Promise<DeploymentRecord> {
    const record = await this.#options.store.deployments.get(id);
    if (record === undefined) throw new TerrariumError("TER_NOT_FOUND", { id });
    return record;
  }

  /** Newest first. */
  async list(): Promise<DeploymentRecord[]> {
    const records = await this.#options.store.deployments.list();
    return records.sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  /** Events of a running deploy in this process. */
  progress(id: DeploymentId): Progress | undefined {
    return this.#underWay.get(id)?.progress;
  }

  /** Sets the time to live, counted from now. Throws TER_TTL_TOO_LONG, TER_NOT_FOUND, TER_APP_CURRENT_VERSION. */
  async setTtl(id: DeploymentId, ttlMs: number | null): Promise<DeploymentRecord> {
    const { config, store, now } = this.#options;
    await this.#refuseCurrent(id, "set a time to live for");
    const expiresAtMs = expiryOf(grantTtl(config, ttlMs), now());
    if (!(await store.deployments.update(id, { expiresAtMs })))
      throw new TerrariumError("TER_NOT_FOUND", { id });
    this.#expiry.note(expiresAtMs);
    return await this.get(id);
  }

  /** Removes a deployment, whatever its phase. Throws TER_NOT_FOUND, TER_APP_CURRENT_VERSION. */
  async remove(id: DeploymentId): Promise<void> {
    await this.#refuseCurrent(id, "delete");
    this.#underWay.get(id)?.abort.abort(new TerrariumError("TER_NOT_FOUND", { id }));
    if (!(await this.#options.store.deployments.remove(id)))
      throw new TerrariumError("TER_NOT_FOUND", { id });
    this.#forget(id);
  }

  /** Accepts nothing more, and waits up to the grace period for running deploys. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#expiry.stop();
    const timer = setTimeout(() => this.#abortAll(), graceMs);
    await Promise.all([...this.#underWay.values()].map(({ done }) => done));
    clearTimeout(timer);
    this.#stopListening();
  }

  #abortAll(): void {
    for (const { abort } of this.#underWay.values()) abort.abort(new TerrariumError("TER_STOPPING"));
  }

  #begin(
    id: DeploymentId,
    upload: Upload,
    { admitted, token }: { readonly admitted: AdmittedDeploy; readonly token: string },
    progress: Progress,
  ): Progress {
    const abort = new AbortController();
    const deploy = new Deploy(this.#options, id, progress, abort.signal);
    const { source } = admitted;
    const done = deploy.run(upload, { source, token, mayChange: upload.mayChange }).then(
      (expiresAtMs) => {
        this.#underWay.delete(id);
        admitted.end();
        this.#expiry.note(expiresAtMs);
      },
      (error: unknown) => this.#options.onError(asTerrariumError(error)),
    );
    this.#underWay.set(id, { progress, abort, done });
    return progress;
  }

  async #create(name: string, source: string, token: string): Promise<DeploymentId> {
    const { store, now } = this.#options;
    return await createRecord(store.deployments, now(), {
      name,
      language: null,
      phase: "queued",
      message: "Waiting for build",
      tokenDigest: digestOf(token),
      source,
      app: null,
      version: null,
    });
  }

  /** An app's address always leads somewhere: its current version stays. */
  async #refuseCurrent(id: DeploymentId, action: string): Promise<void> {
    const { apps, deployments } = this.#options.store;
    const app = (await deployments.get(id))?.app ?? null;
    if (app !== null && (await apps.get(app))?.currentId === id)
      throw new TerrariumError("TER_APP_CURRENT_VERSION", { action, id, app });
  }

  #forget(id: DeploymentId): void {
    this.#options.edges.forget(id);
  }
}
