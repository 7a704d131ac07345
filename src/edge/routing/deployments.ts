// The deployments that an edge holds in memory. Artifacts never change, so an edge needs to learn only that
// one is gone: from the store's announcement, from the clock, and by re-reading the record now and then
// (which also shows an extended life).
import type { Awaitable, DeploymentId, DeploymentRecord, Store } from "../../store/types.ts";
import type { LoadResponder } from "../program/types.ts";
import { AppRoutes } from "./app-routes.ts";
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

/** The deployment that an authority led to. */
interface Remembered {
  readonly deployment: Deployment;
  /** The app that it names; null if it names the deployment itself. */
  readonly app: string | null;
}

/** The name by which a request asked. */
interface Name {
  readonly authority: string;
  readonly app: string | null;
}

export class DeploymentCache {
  /** The current version of each app. */
  readonly apps: AppRoutes;
  readonly #options: DeploymentCacheOptions;
  readonly #byId = new Map<string, Deployment>();
  readonly #byAuthority = new Map<string, Remembered>();
  readonly #loading = new Map<string, Promise<Deployment | undefined>>();
  readonly #stopListening: () => void;

  constructor(options: DeploymentCacheOptions) {
    this.#options = options;
    this.apps = new AppRoutes(options.store.apps, options.now);
    this.#stopListening = options.store.deployments.onRemoved((id) => this.drop(id));
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The deployment that this exact authority led to before, if it is still known to be live. */
  known(authority: string): Deployment | undefined {
    const known = this.#byAuthority.get(authority);
    if (known === undefined || !this.#fresh(known.deployment)) return undefined;
    const { deployment, app } = known;
    return app === null || this.apps.leadsTo(app, deployment.id) ? deployment : undefined;
  }

  /**
   * The deployment that a label names, or the current version of the app that it names, read from the store
   * if need be. Undefined if it does not exist or has expired.
   */
  find(label: string, authority: string): Awaitable<Deployment | undefined> {
    if (this.#byId.has(label)) return this.#find(label, { authority, app: null });
    const current = this.apps.find(label);
    if (current instanceof Promise)
      return current.then((id) =>
        this.#find(id ?? label, { authority, app: id === undefined ? null : label }),
      );
    return this.#find(current ?? label, { authority, app: current === undefined ? null : label });
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

  #find(id: string, name: Name): Awaitable<Deployment | undefined> {
    const deployment = this.#byId.get(id);
    if (deployment === undefined)
      return this.#loadOnce(id).then((loaded) => loaded && this.#remember(loaded, name));
    return this.#fresh(deployment) ? this.#remember(deployment, name) : this.#recheck(deployment, name);
  }

  #fresh(deployment: Deployment): boolean {
    const now = this.#options.now();
    if (deployment.gone || now - deployment.checkedAtMs > RECHECK_MS || isOver(deployment.expiresAtMs, now))
      return false;
    deployment.used = true;
    return true;
  }

  async #recheck(deployment: Deployment, name: Name): Promise<Deployment | undefined> {
    const now = this.#options.now();
    const record = await this.#recordOf(deployment);
    if (record === undefined || isOver(record.expiresAtMs, this.#options.now())) {
      this.drop(deployment.id);
      return undefined;
    }
    deployment.expiresAtMs = record.expiresAtMs;
    deployment.checkedAtMs = now;
    return deployment.gone ? undefined : this.#remember(deployment, name);
  }

  /** The record from the store; the known one while the store cannot be read. */
  async #recordOf(deployment: Deployment): Promise<Pick<DeploymentRecord, "expiresAtMs"> | undefined> {
    try {
      return await this.#options.store.deployments.get(deployment.id);
    } catch {
      return deployment;
    }
  }

  #loadOnce(id: string): Promise<Deployment | undefined> {
    const known = this.#loading.get(id);
    if (known !== undefined) return known;
    const loading = this.#load(id as DeploymentId).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #load(id: DeploymentId): Promise<Deployment | undefined> {
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
      const storeId = record.app === null ? id : (await store.apps.get(record.app))?.storeId;
      if (manifest === undefined || storeId === undefined || removed) return undefined;
      const load = () => this.#options.load(id, manifest, storeId);
      const deployment = new Deployment(id, manifest, record, atMs, load);
      this.#byId.set(id, deployment);
      this.shrink(this.#options.maxDeployments);
      return deployment;
    } finally {
      stopListening();
    }
  }

  #remember(deployment: Deployment, { authority, app }: Name): Deployment {
    if (this.#byId.get(deployment.id) !== deployment) return deployment;
    const known = this.#byAuthority.get(authority);
    if (known?.deployment === deployment) return deployment;
    if (deployment.authorities.length >= MAX_AUTHORITIES) return deployment;
    // An app's authority leads to another version after a switch.
    if (known !== undefined) forgetAuthority(known.deployment, authority);
    deployment.authorities.push(authority);
    this.#byAuthority.set(authority, { deployment, app });
    return deployment;
  }

  /**
   * Drops deployments until so many are left. Whatever was used since the last round gets a second chance.
   */
  shrink(size: number): void {
    for (const [id, deployment] of this.#byId) {
      if (this.#byId.size <= size) return;
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

function forgetAuthority({ authorities }: Deployment, authority: string): void {
  const index = authorities.indexOf(authority);
  if (index !== -1) authorities.splice(index, 1);
}

/** A deployment serves as soon as its artifact exists: the last step of a deploy requests its health. */
function servable(record: DeploymentRecord, nowMs: number): boolean {
  return record.phase !== "failed" && !isOver(record.expiresAtMs, nowMs);
}

function isOver(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= nowMs;
}
