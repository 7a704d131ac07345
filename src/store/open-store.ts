// Owns the choice of the store.
import type { Config } from "../config/index.ts";
import { TerrariumError } from "../errors/index.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import type { Store } from "./types.ts";

export interface OpenStoreOptions {
  /** The supervisor clears away what killed processes left behind. */
  readonly role: "supervisor" | "edge" | "command";
  readonly now?: () => number;
}

/** Opens the store that the configuration names. */
export async function openStore(
  config: Pick<Config, "dataDir" | "store" | "limits">,
  options: OpenStoreOptions,
): Promise<Store> {
  if (config.store.kind !== "sqlite") {
    throw new TerrariumError("TER_CONFIG_INVALID", {
      reason: "This version has the embedded store only; leave the store at its default",
    });
  }
  return openSqliteStore({
    dataDir: config.dataDir,
    maxLogBytes: config.limits.deploymentLogBytes,
    removeOrphans: options.role === "supervisor",
    ...(options.now === undefined ? {} : { now: options.now }),
  });
}
