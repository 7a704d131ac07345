// What deployments need of the rooms around them, and what the API asks of deployments.
import type { BuildEvent } from "../../compiler-host/index.ts";
import type { ProjectFiles } from "../../project/files.ts";
import type { ArtifactManifest, DeploymentId } from "../../store/types.ts";
import type { Progress } from "./progress.ts";

/** A project on its way in. */
export interface Upload {
  /** A tar, compressed or not. */
  readonly archive: Uint8Array;
  /** What the client takes for the language; null: look at the files. */
  readonly languageHint: string | null;
  readonly flags: readonly string[];
  /** Empty: the project file's name, else none. */
  readonly name: string;
  /** Undefined: the server's default. Null: never. */
  readonly ttlMs: number | null | undefined;
}

/** A built and checked project, ready for the store. */
export interface BuiltArtifact {
  readonly manifest: ArtifactManifest;
  readonly blobs: readonly Uint8Array[];
}

/**
 * The build room, as the pipeline uses it: sources in, artifact out. Throws TerrariumError for everything it
 * refuses.
 */
export interface ArtifactBuilder {
  build(files: ProjectFiles, options: ArtifactBuildOptions): Promise<BuiltArtifact>;
  /** Ends what it started. Builds under way reject. */
  close(): Promise<void>;
}

interface ArtifactBuildOptions {
  /** What the client takes the language for. */
  readonly hint: string | null;
  readonly flags: readonly string[];
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

/** The edges, as the pipeline uses them. */
export interface EdgeLoader {
  /** Compiles on the edges. Rejects if the module cannot be loaded. */
  load(id: DeploymentId): Promise<void>;
  /** Tells the edges that a deployment is gone. */
  forget(id: DeploymentId): void;
}

/** A deploy that was accepted: its name, the token to manage it, and what happens to it. */
export interface AcceptedDeploy {
  readonly id: DeploymentId;
  readonly token: string;
  readonly progress: Progress;
}
