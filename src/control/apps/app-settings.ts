// Settings of apps. They belong to a version, as everything that a program reads does: a change makes a new
// version of the same artifact, without a build.
import { isDeepStrictEqual } from "node:util";
import type { SettingView } from "../../api/index.ts";
import { manifestSchema } from "../../builder/manifest.ts";
import { asTerrariumError, TerrariumError } from "../../errors/index.ts";
import type { AppRecord, ArtifactManifest, DeploymentId, Store } from "../../store/types.ts";
import { createRecord } from "../deployments/create-record.ts";
import { FAILED_TTL_MS } from "../deployments/lifetime.ts";
import { validate } from "../parsing/validate.ts";
import { type Apps, KEPT_VERSION_MS } from "./apps.ts";

export interface AppSettingsOptions {
  readonly store: Pick<Store, "apps" | "artifacts" | "deployments">;
  readonly apps: Pick<Apps, "get" | "promote" | "inTurn">;
  readonly edges: { load(id: DeploymentId): Promise<void> };
  readonly now: () => number;
  /** Deployments that the platform holds at most. */
  readonly maxDeployments: number;
  readonly awaitHealth: (id: DeploymentId) => Promise<void>;
  /** The URL to show of an app. */
  readonly urlOf: (name: string) => string;
}

/** Settings to set, by name, and names of those to remove. */
interface SettingsChange {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export class AppSettings {
  readonly #options: AppSettingsOptions;

  constructor(options: AppSettingsOptions) {
    this.#options = options;
  }

  /** Those of the current version, by name; none before the first is live. Throws TER_APP_NOT_FOUND. */
  async list(name: string): Promise<SettingView[]> {
    const { currentId } = await this.#options.apps.get(name);
    const manifest = currentId === null ? undefined : await this.#options.store.artifacts.get(currentId);
    const own = manifest?.appSettings ?? {};
    return Object.entries({ ...manifest?.settings, ...own })
      .map(([key, value]) => ({
        name: key,
        value,
        source: Object.hasOwn(own, key) ? ("app" as const) : ("project" as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Makes a version with changed settings the current one; nothing if they are so already. Throws
   * TER_APP_NOT_FOUND, TER_APP_NO_CURRENT, TER_APP_NO_SETTING, TER_BAD_REQUEST, TER_FULL, TER_NOT_HEALTHY.
   */
  async change(name: string, change: SettingsChange): Promise<AppRecord> {
    return await this.#options.apps.inTurn(name, async () => {
      const app = await this.#options.apps.get(name);
      const current =
        app.currentId === null ? undefined : await this.#options.store.artifacts.get(app.currentId);
      if (app.currentId === null || current === undefined)
        throw new TerrariumError("TER_APP_NO_CURRENT", { app: name });
      const appSettings = changed(name, current, change);
      if (isDeepStrictEqual(appSettings, current.appSettings ?? {})) return app;
      return await this.#addVersion(app, app.currentId, { ...current, appSettings });
    });
  }

  async #addVersion(app: AppRecord, from: DeploymentId, manifest: ArtifactManifest): Promise<AppRecord> {
    const { store, now, apps, edges, awaitHealth, urlOf, maxDeployments } = this.#options;
    const records = await store.deployments.list();
    if (records.length >= maxDeployments) throw new TerrariumError("TER_FULL", { allowed: maxDeployments });
    const { source, tokenDigest } = app;
    const id = await createRecord(store.deployments, now(), {
      name: records.find((record) => record.id === from)?.name ?? "",
      language: manifest.language,
      phase: "deploying",
      message: "Deploying",
      tokenDigest,
      source,
      app: app.name,
      version: (await store.apps.addVersion(app.name)) ?? null,
    });
    try {
      await store.artifacts.put(id, manifest, []);
      await edges.load(id);
      await awaitHealth(id);
      const message = `Deploy complete: ${urlOf(app.name)}`;
      await store.deployments.update(id, { phase: "live", message, expiresAtMs: now() + KEPT_VERSION_MS });
      return await apps.promote(app.name, id);
    } catch (cause) {
      const { text, code } = asTerrariumError(cause);
      const expiresAtMs = now() + FAILED_TTL_MS;
      const failure = { phase: "failed", message: text, errorCode: code, expiresAtMs } as const;
      await store.deployments.update(id, failure);
      throw cause;
    }
  }
}

/** The app's own settings after a change. */
function changed(
  app: string,
  { settings, appSettings = {} }: ArtifactManifest,
  { set, remove }: SettingsChange,
): Record<string, string> {
  const missing = remove.find((key) => !Object.hasOwn(appSettings, key));
  if (missing !== undefined)
    throw new TerrariumError("TER_APP_NO_SETTING", { app, name: missing.slice(0, 64) });
  const kept = Object.entries(appSettings).filter(([key]) => !remove.includes(key));
  const after = { ...Object.fromEntries(kept), ...set };
  validate(manifestSchema, { settings: { ...settings, ...after } }, "body");
  return after;
}
