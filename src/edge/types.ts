// The seam between the edge and what answers for a deployment, and what an edge shows to its process.
import type { TerrariumError } from "../errors/index.ts";
import type { GuestLog, IncomingRequest, LocalSite, OutgoingResponse, OwnEndpoint } from "../hostcalls/index.ts";
import type { RunRecorder } from "./records/run-recorder.ts";
import type { ArtifactManifest, DeploymentId } from "../store/types.ts";

/** What one run gets from the edge. */
export interface RunContext {
  log(...line: Parameters<GuestLog>): void;
  /** Ends when the client goes away. */
  readonly signal: AbortSignal;
  /** Deployments between the client and this run. */
  readonly depth: number;
  /** Null unless somebody looks into this run. */
  readonly recorder: RunRecorder | null;
}

/** How a run ended, for the client. */
export type ProgramAnswer =
  | { readonly kind: "response"; readonly response: OutgoingResponse; readonly cpuMs?: number }
  | { readonly kind: "fault"; readonly error: TerrariumError; /** Where in the program, if known. */ readonly place: string | null; readonly cpuMs?: number };

/** A loaded deployment: runs its program from fresh state, any number of times at once. */
export interface Responder {
  /** Never rejects for anything that a guest does. */
  respond(request: IncomingRequest, context: RunContext): Promise<ProgramAnswer>;
  /** Frees what is pooled; runs under way end as usual. */
  dispose(): void;
}

/** Makes a responder from a stored artifact. Rejects if the module cannot be loaded. */
export type LoadResponder = (id: DeploymentId, manifest: ArtifactManifest) => Promise<Responder>;

/** What runs programs. */
export interface ProgramHost {
  readonly load: LoadResponder;
  close(): Promise<void>;
}

/** What programs have to know of the edge that they run in. */
export interface ProgramSite {
  /** Answers requests to our own names without leaving the machine. */
  readonly local: LocalSite;
  /** Our listeners, which guests cannot reach by address. */
  readonly ownEndpoints: () => readonly OwnEndpoint[];
}

/** Numbers of one edge. */
export interface EdgeStats {
  readonly requests: number;
  readonly inFlight: number;
  readonly deployments: number;
  readonly faults: number;
  readonly http2Sessions: number;
}
