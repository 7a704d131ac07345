// A new record of a deployment, under a name that nobody has.
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentId, DeploymentRecord, DeploymentStore } from "../../store/types.ts";
import { drawId } from "./identity.ts";

/** Taken names before we give up: with 2^44 names, never reached by chance. */
const MAX_DRAWS = 20;
/** How long the record of an unfinished deploy stays if its supervisor dies and no other starts. */
const UNDER_WAY_TTL_MS = 1_800_000;

/** Creates the record of a deployment under way, and returns its name. */
export async function createRecord(
  deployments: Pick<DeploymentStore, "create">,
  createdAtMs: number,
  record: Omit<DeploymentRecord, "id" | "createdAtMs" | "expiresAtMs" | "errorCode">,
): Promise<DeploymentId> {
  const expiresAtMs = createdAtMs + UNDER_WAY_TTL_MS;
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const id = drawId();
    if (await deployments.create({ ...record, id, createdAtMs, expiresAtMs, errorCode: null })) return id;
  }
  throw new TerrariumError("TER_INTERNAL", { reason: "no free name was drawn" });
}
