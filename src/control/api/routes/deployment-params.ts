// What routes for one deployment share: its name in the path, its record, the client's address.
import type { Context } from "hono";
import { TerrariumError } from "../../../errors/index.ts";
import type { DeploymentId, DeploymentRecord } from "../../../store/types.ts";
import { isDeploymentId } from "../../deployments/identity.ts";
import type { Env } from "../operation.ts";
import type { Platform } from "../platform.ts";

/**
 * The record of a name. Throws TER_NOT_FOUND for names that do not exist and for text that cannot be a name.
 */
export async function existingDeployment(platform: Platform, id: string): Promise<DeploymentRecord> {
  return await platform.deployments.get(knownForm(id));
}

/** The text as a name. Throws TER_NOT_FOUND. */
export function knownForm(id: string): DeploymentId {
  if (!isDeploymentId(id)) throw new TerrariumError("TER_NOT_FOUND", { id: id.slice(0, 64) });
  return id;
}

/** Address of the client, as the edge saw it. */
export function clientOf(context: Context<Env>): string {
  return context.get("clientAddress");
}
