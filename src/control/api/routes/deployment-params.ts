// What routes for one deployment share: its name in the path, its record, the client's address.
import type { Context } from "hono";
import { sourceOf } from "../../../config/client-source.ts";
import { TerrariumError } from "../../../errors/index.ts";
import type { DeploymentId, DeploymentRecord } from "../../../store/types.ts";
import type { MayChange } from "../../apps/apps.ts";
import { isDeploymentId } from "../../deployments/identity.ts";
import { mayChangeApp } from "../access.ts";
import type { Env } from "../operation.ts";
import type { Platform } from "../platform.ts";

/**
 * The record of a name; the current version of an app by the app's name. Throws TER_NOT_FOUND for names that
 * do not exist and for text that cannot be a name.
 */
export async function existingDeployment(platform: Platform, id: string): Promise<DeploymentRecord> {
  if (isDeploymentId(id)) return await platform.deployments.get(id);
  const app = await platform.store.apps.get(id);
  return await platform.deployments.get(app?.currentId ?? knownForm(id));
}

/** The id of the key-value store of a deployment or an app, by its name. Throws TER_NOT_FOUND. */
export async function storeIdOf(platform: Platform, name: string): Promise<DeploymentId> {
  const { apps } = platform.store;
  if (!isDeploymentId(name)) return (await apps.get(name))?.storeId ?? knownForm(name);
  const { id, app } = await platform.deployments.get(name);
  return app === null ? id : ((await apps.get(app))?.storeId ?? knownForm(app));
}

/** The text as a name. Throws TER_NOT_FOUND. */
export function knownForm(id: string): DeploymentId {
  if (!isDeploymentId(id)) throw new TerrariumError("TER_NOT_FOUND", { id: id.slice(0, 64) });
  return id;
}

/** What quotas count the client by: its address as the edge saw it, or its network. */
export function sourceOfClient(context: Context<Env>): string {
  return sourceOf(context.get("clientAddress"));
}

/** Which apps the sender of a request may deploy to. */
export function appsOf(platform: Platform, context: Context<Env>): MayChange {
  return (app) => mayChangeApp(platform, context.req.raw.headers, app);
}
