// The life of apps: names that last, and which version answers at each. One object per supervisor.
import type { SourceQuotas } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { digestOf } from "../../store/digest.ts";
import type {
  AppRecord,
  ArtifactManifest,
  DeploymentId,
  DeploymentRecord,
  Store,
} from "../../store/types.ts";
import { drawId } from "../deployments/identity.ts";
import { requireAppName } from "./app-name.ts";

/** Taken ids before we give up: with 2^44 ids, never reached by chance. */
const MAX_DRAWS = 20;
/** Versions of an app that are kept, besides the current one and the one before. */
const KEPT_VERSIONS = 10;
/** How long a version is kept that is not current. */
export const KEPT_VERSION_MS = 30 * 24 * 3_600_000;
/** How long the name of a deleted app stays reserved, so that nobody inherits its visitors at once. */
const RELEASE_MS = 24 * 3_600_000;

export interface AppsOptions {
  readonly store: Pick<Store, "apps" | "artifacts" | "deployments">;
  readonly now: () => number;
  readonly quotas: SourceQuotas | null;
  readonly edges: {
    /** Compiles a deployment in every edge. */
    load(id: DeploymentId): Promise<void>;
    /** Resolves when every edge answers at the app's address with this version. */
    switchApp(app: string, id: DeploymentId | null, switchNumber: number): Promise<void>;
    /** A deployment is gone. */
    forget(id: DeploymentId): void;
  };
}

export type MayChange = (app: Pick<AppRecord, "tokenDigest">) => boolean;

/** Who deploys to an app. */
export interface Deployer {
  /** Address, for quotas. */
  readonly source: string;
  /** Becomes the token of an app that does not exist yet. */
  readonly token: string;
  /** Whether it may change an app that exists, and take its name again once it is gone. */
  readonly mayChange: MayChange;
}

export class Apps {
  readonly #options: AppsOptions;
  /** The last piece of work on each app that has any. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: AppsOptions) {
    this.#options = options;
  }

  /** Throws TER_APP_NOT_FOUND. */
  async get(name: string): Promise<AppRecord> {
    const app = await this.#options.store.apps.get(name);
    if (app === undefined) throw new TerrariumError("TER_APP_NOT_FOUND", { app: name.slice(0, 64) });
    return app;
  }

  async list(): Promise<AppRecord[]> {
    return await this.#options.store.apps.list();
  }

  /** Newest first. Throws TER_APP_NOT_FOUND. */
  async versions(name: string): Promise<DeploymentRecord[]> {
    await this.get(name);
    const records = await this.#options.store.deployments.list();
    return records.filter(({ app }) => app === name).sort((a, b) => numberOf(b) - numberOf(a));
  }

  /** Throws TER_APP_NAME, TER_APP_TAKEN or TER_TOO_MANY unless this may be deployed to. */
  async admit(name: string, deployer: Deployer): Promise<void> {
    const { apps } = this.#options.store;
    const app = await apps.get(name);
    const tokenDigest = app?.tokenDigest ?? (await apps.heldFor(name));
    if (tokenDigest !== undefined && !deployer.mayChange({ tokenDigest })) throw taken(name);
    if (app !== undefined) return;
    requireAppName(name);
    await this.#checkQuota(deployer.source);
  }

  /**
   * Counts a new version, and creates the app for the first one. Returns the number of the version. Throws as
   * `admit` does.
   */
  async addVersion(name: string, deployer: Deployer): Promise<number> {
    await this.admit(name, deployer);
    const known = await this.#options.store.apps.addVersion(name);
    if (known !== undefined) return known;
    await this.#create(name, deployer);
    return (await this.#options.store.apps.addVersion(name)) ?? lost(name);
  }

  /**
   * Makes a live version the current one: every edge has compiled it before the switch, and answers with it
   * when this resolves. Throws TER_APP_NOT_FOUND, TER_APP_NO_SUCH_VERSION.
   */
  async promote(name: string, id: DeploymentId): Promise<AppRecord> {
    const { store, edges } = this.#options;
    await this.get(name);
    const record = await store.deployments.get(id);
    if (record?.app !== name || record.phase !== "live") throw noSuchVersion(name, id);
    await edges.load(id);
    const app = await store.apps.switchTo(name, id, KEPT_VERSION_MS);
    if (app === undefined) throw noSuchVersion(name, id);
    await edges.switchApp(name, app.currentId, app.switchNumber);
    await this.#prune(app);
    return app;
  }

  /** Goes back to the version that was current before, or to the one named. Throws as `promote` does. */
  async rollBack(name: string, id?: DeploymentId): Promise<AppRecord> {
    const target = id ?? (await this.get(name)).previousId;
    if (target === null) throw new TerrariumError("TER_APP_NOTHING_BEFORE", { app: name });
    return await this.promote(name, target);
  }

  /** Runs the work once all earlier work on the app has ended, so that no change of settings is lost. */
  async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  /** What the next version takes along from the current one: the settings of the app. */
  async keptSettings(name: string): Promise<Pick<ArtifactManifest, "appSettings">> {
    const { store } = this.#options;
    const currentId = (await store.apps.get(name))?.currentId ?? null;
    const manifest = currentId === null ? undefined : await store.artifacts.get(currentId);
    return manifest?.appSettings === undefined ? {} : { appSettings: manifest.appSettings };
  }

  /** Removes an app with its versions and its store. Throws TER_APP_NOT_FOUND. */
  async remove(name: string): Promise<void> {
    const { store, edges } = this.#options;
    const versions = await this.versions(name);
    const switchNumber = await store.apps.remove(name, RELEASE_MS);
    if (switchNumber === undefined) throw new TerrariumError("TER_APP_NOT_FOUND", { app: name });
    for (const { id } of versions) edges.forget(id);
    await edges.switchApp(name, null, switchNumber);
  }

  async #create(name: string, { source, token, mayChange }: Deployer): Promise<void> {
    const { store, now } = this.#options;
    const blank = { currentId: null, previousId: null, lastVersion: 0, switchNumber: 0 };
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const storeId = drawId();
      const record = { name, storeId, tokenDigest: digestOf(token), source, createdAtMs: now(), ...blank };
      if (await store.apps.create(record)) return;
      // Somebody was faster.
      const other = await store.apps.get(name);
      if (other !== undefined && mayChange(other)) return;
    }
    throw taken(name);
  }

  async #checkQuota(source: string): Promise<void> {
    const { quotas, store } = this.#options;
    if (quotas === null) return;
    const own = (await store.apps.list()).filter((app) => app.source === source).length;
    if (own >= quotas.apps)
      throw new TerrariumError("TER_TOO_MANY", { what: "apps of your address", allowed: quotas.apps });
  }

  /** Removes the oldest versions beyond those that are kept. */
  async #prune(app: AppRecord): Promise<void> {
    const { store, edges } = this.#options;
    const others = (await this.versions(app.name)).filter(
      ({ id, phase }) => id !== app.currentId && id !== app.previousId && phase === "live",
    );
    for (const { id } of others.slice(KEPT_VERSIONS))
      if (await store.deployments.remove(id)) edges.forget(id);
  }
}

function numberOf({ version }: DeploymentRecord): number {
  return version ?? 0;
}

function taken(name: string): TerrariumError {
  return new TerrariumError("TER_APP_TAKEN", { app: name });
}

function noSuchVersion(app: string, id: string): TerrariumError {
  return new TerrariumError("TER_APP_NO_SUCH_VERSION", { app, id: id.slice(0, 64) });
}

function lost(name: string): never {
  throw new TerrariumError("TER_APP_NOT_FOUND", { app: name });
}
