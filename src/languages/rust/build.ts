// What one build of a Rust program works with.
import type { Sandbox } from "../../compiler-host/sandbox/bubblewrap.ts";
import type { PreparedSet } from "./crate-sets.ts";
import type { RustProgram } from "./program.ts";
import type { RustToolchain } from "./toolchain.ts";

export interface RustBuild {
  readonly program: RustProgram;
  readonly toolchain: RustToolchain;
  readonly set: PreparedSet;
  /** Null: no walls. */
  readonly sandbox: Sandbox | null;
  readonly home: string;
  readonly path: string;
  /** Folder of everything that Rust keeps between builds. */
  readonly cacheFolder: string;
  /** Projects may use crates from the registry. */
  readonly allowRegistry: boolean;
}

/** Paths of one build. */
export interface BuildPaths {
  readonly project: string;
  /** The file that becomes the module: exists, empty, before anything runs. */
  readonly artefact: string;
  /** What the compiler may fill. */
  readonly temporary: string;
}
