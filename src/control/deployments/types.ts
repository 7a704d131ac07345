// What deployments need from the rooms around them, and what the API needs from deployments.
import type { ProjectManifest } from "../../builder/index.ts";
import type { BuildEvent } from "../../compiler-host/index.ts";
import type { ProjectFiles } from "../../project/files.ts";
import type { ArtifactManifest, DeploymentId } from "../../store/types.ts";
import type { Language } from "../../languages/index.ts";
import type { MayChange } from "../apps/apps.ts";
import type { Progress } from "./progress.ts";

/** A source that may send a project now. */
export interface AdmittedDeploy {
  readonly source: string;
  /** It sends none, or its deploy is over. */
  end(): void;
}

/** An incoming project. */
export interface Upload {
  /** A tar, compressed or not. */
  readonly archive: Uint8Array;
  /** The language that a person asked for: obeyed or refused. Left out or null: nobody did. */
  readonly language?: Language | null;
  /** The client's guess of the language; null: look at the files. */
  readonly languageHint: string | null;
  readonly flags: readonly string[];
  /** Empty: the name in the project file, if any. */
  readonly name: string;
  /** Undefined: the server's default. Null: never. */
  readonly ttlMs: number | null | undefined;
  /** The app to deploy a version of; null: the one that the project file names, if any. */
  readonly app: string | null;
  /** Beside the settings of the project file; of two with the same name, these count. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Leave the app's current version as it is. */
  readonly isPreview: boolean;
  /** Whether its sender may deploy to an app that exists. */
  readonly mayChange: MayChange;
}

/** A built and checked project, ready for the store. */
export interface BuiltArtifact {
  readonly manifest: ArtifactManifest;
  readonly blobs: readonly Uint8Array[];
}

/**
 * The builder, as the pipeline uses it: sources in, artifact out. Throws TerrariumError for everything it
 * refuses.
 */
export interface ArtifactBuilder {
  build(files: ProjectFiles, options: ArtifactBuildOptions): Promise<BuiltArtifact>;
  /** Gets ready for the first build. */
  prewarm(): void;
  /** Ends what it started. Running builds reject. */
  close(): void;
}

interface ArtifactBuildOptions {
  /** The client's guess of the language. */
  readonly hint: string | null;
  /** Asked for by a person: obeyed or refused. */
  readonly language?: Language | null;
  /** What `terrarium.toml` says; read from the files if it is left out. */
  readonly manifest?: ProjectManifest;
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

/** An accepted deploy: its name, the token to manage it, and its events. */
export interface AcceptedDeploy {
  readonly id: DeploymentId;
  readonly token: string;
  readonly progress: Progress;
}
