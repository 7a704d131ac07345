// What of Rust this machine has.
import { findWorkingSandbox } from "../../compiler-host/sandbox/bubblewrap.ts";
import { findPreparedSet, toolchainKey } from "./crate-sets.ts";
import { CRATE_SETS } from "./program.ts";
import { defaultRustSettings, type RustSettings } from "./settings.ts";
import { findToolchain, isToolchainMissing, type MissingToolchain, type RustToolchain } from "./toolchain.ts";

/** What is installed for Rust on this machine. */
export interface RustState {
  readonly toolchain: RustToolchain | MissingToolchain;
  readonly hasSandbox: boolean;
  /** The crates of both sets are ready. */
  readonly isPrepared: boolean;
}

/** Looks, and builds nothing. */
export async function rustState(
  { path, home, cacheFolder }: RustSettings = defaultRustSettings(),
): Promise<RustState> {
  const toolchain = await findToolchain(path, home);
  const key = isToolchainMissing(toolchain) ? null : await toolchainKey(toolchain);
  const sets =
    key === null
      ? [null]
      : await Promise.all(CRATE_SETS.map((set) => findPreparedSet(cacheFolder, key, set)));
  return {
    toolchain,
    hasSandbox: (await findWorkingSandbox(path)) !== null,
    isPrepared: !sets.includes(null),
  };
}
