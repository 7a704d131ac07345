// Where the Rust compiler finds its toolchain and keeps its crates, and what builds may do.
import { homedir } from "node:os";
import { join } from "node:path";
import { readEnvironment } from "../../config/environment.ts";

export interface RustSettings {
  /** Folder of the prebuilt crates; shared by all data directories. */
  readonly cacheFolder: string;
  readonly path: string;
  readonly home: string;
  /** Projects may use crates from the registry. */
  readonly allowRegistry: boolean;
  /** Refuse to build without a sandbox, because others can deploy here. */
  readonly requireSandbox: boolean;
}

/** For a user's own machine. */
export function defaultRustSettings(): RustSettings {
  const { cacheHome, path } = readEnvironment();
  return {
    cacheFolder: join(cacheHome, "terrarium", "rust"),
    path,
    home: homedir(),
    allowRegistry: false,
    requireSandbox: false,
  };
}
