// The deployments that an edge holds in memory. Artifacts never change, so an edge needs to learn only that
// one is gone: from the store's announcement, from the clock, and by re-reading the record now and then
// (which also shows an extended life).
import type { Awaitable, DeploymentId, DeploymentRecord, Store } from "../../store/types.ts";
import type { LoadResponder } from "../program/types.ts";
import { Deployment } from "./deployment.ts";

/**
 * A record older than this is read again before it serves: half of the second within which a deployment has
 * to be gone.
 */
const RECHECK_MS = 500;
/** Remembered spellings of one deployment's authority; others are parsed each time. */
const MAX_AUTHORITIES = 4;

export interface DeploymentCacheOptions {
  readonly store: Store;
  readonly load: LoadResponder;
  readonly now: () => number;
  /** Deployments held at once. */
  readonly maxDeployments: number;
}

export class DeploymentCache {
  readonly #options: DeploymentCacheOptions;
  readonly #byId = new Map<string, Deployment>();
  readonly #byAuthority = new Map<string, Deployment>();
  readonly #loading = new Map<string, Promise<Deployment | undefined>>();
  readonly #stopListening: () => void;

  constructor(options: DeploymentCacheOptions) {
    this.#options = options;
    this.#stopListening = options.store.deployments.onRemoved((id) => this.drop(id));
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The deployment that this exact authority led to before, if it is still known to be live. */
  known(authority: string): Deployment | undefined {
    const deployment = this.#byAuthority.get(authority);
    return deployment !== undefined && this.#fresh(deployment) ? deployment : undefined;
  }

  /**
   * The deployment of a label, read from the store if need be. Undefined if it does not exist or has expired.
   */
  find(label: string, authority: string): Awaitable<Deployment | undefined> {
    const deployment = this.#byId.get(label);
    if (deployment === undefined) return this.#loadOnce(label, authority);
    return this.#fresh(deployment)
      ? this.#remember(deployment, authority)
      : this.#recheck(deployment, authority);
  }

  /** Forgets a deployment; runs under way end as usual. */
  drop(id: string): void {
    const deployment = this.#byId.get(id);
    if (deployment === undefined) return;
    this.#byId.delete(id);
    for (const authority of deployment.authorities) this.#byAuthority.delete(authority);
    deployment.dispose();
  }

  dispose(): void {
    this.#stopListening();
    for (const id of this.#byId.keys()) this.drop(id);
  }

  #fresh(deployment: Deployment): boolean {
    const now = this.#options.now();
    if (deployment.gone || now - deployment.checkedAtMs > RECHECK_MS || isOver(deployment.expiresAtMs, now))
      return false;
    deployment.used = true;
    return true;
  }

  async #recheck(deployment: Deployment, authority: string): Promise<Deployment | undefined> {
    const now = this.#options.now();
    const record = await this.#options.store.deployments.get(deployment.id);
    if (record === undefined || isOver(record.expiresAtMs, this.#options.now())) {
      this.drop(deployment.id);
      return undefined;
    }
    deployment.expiresAtMs = record.expiresAtMs;
    deployment.checkedAtMs = now;
    return deployment.gone ? undefined : this.#remember(deployment, authority);
  }

  #loadOnce(label: string, authority: string): Promise<Deployment | undefined> {
    const known = this.#loading.get(label);
    if (known !== undefined) return known;
    const loading = this.#load(label as DeploymentId, authority).finally(() => this.#loading.delete(label));
    this.#loading.set(label, loading);
    return loading;
  }

  async #load(id: DeploymentId, authority: string): Promise<Deployment | undefined> {
    const { store, now } = this.#options;
    let removed = false;
    const stopListening = store.deployments.onRemoved((other) => {
      removed ||= other === id;
    });
    try {
      const atMs = now();
      const record = await store.deployments.get(id);
      if (record === undefined || !servable(record, now())) return undefined;
      const manifest = await store.artifacts.get(id);
      if (manifest === undefined || removed) return undefined;
      const deployment = new Deployment(id, manifest, record, atMs, this.#options.load);
      this.#byId.set(id, deployment);
      this.#evict();
      return this.#remember(deployment, authority);
    } finally {
      stopListening();
    }
  }

  #remember(deployment: Deployment, authority: string): Deployment {
    if (
      deployment.authorities.length < MAX_AUTHORITIES &&
      !this.#byAuthority.has(authority) &&
      this.#byId.get(deployment.id) === deployment
    ) {
      deployment.authorities.push(authority);
      this.#byAuthority.set(authority, deployment);
    }
    return deployment;
  }

  /** Second chance: whatever was used since the last round goes to the back. */
  #evict(): void {
    for (const [id, deployment] of this.#byId) {
      if (this.#byId.size <= this.#options.maxDeployments) return;
      if (deployment.used) {
        deployment.used = false;
        this.#byId.delete(id);
        this.#byId.set(id, deployment);
      } else {
        this.drop(id);
      }
    }
  }
}

/** A deployment serves as soon as its artifact exists: the last step of a deploy requests its health. */
function servable(record: DeploymentRecord, nowMs: number): boolean {
  return record.phase !== "failed" && !isOver(record.expiresAtMs, nowMs);
}

function isOver(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= nowMs;
}
