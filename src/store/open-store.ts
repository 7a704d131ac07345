// Chooses the store backend.
import { TerrariumError } from "../errors/index.ts";
import { BACKENDS } from "./backends.ts";
import type { OpenBackend, OpenStoreOptions, Store } from "./types.ts";

/** Opens the store that the configuration names. */
export async function openStore(
  config: Parameters<OpenBackend>[0],
  options: OpenStoreOptions,
): Promise<Store> {
  const [name = ""] = config.store.split(":");
  const open = Object.hasOwn(BACKENDS, name) ? BACKENDS[name] : undefined;
  if (open === undefined) {
    const known = Object.keys(BACKENDS).map((backend) => `--store ${backend}`);
    const reason = `Store backend "${name}" does not exist. Use ${known.join(" or ")}`;
    throw new TerrariumError("TER_CONFIG_INVALID", { reason });
  }
  return open(config, options);
}
