// The seam between the edge and what answers for a deployment, and what an edge shows to its process.
import type { TerrariumError } from "../errors/index.ts";
import type { GuestLog, IncomingRequest, OutboundRequest, OutboundResponse, OutgoingResponse } from "../hostcalls/types.ts";
import type { ArtifactManifest, DeploymentId } from "../store/types.ts";

/** A request of a guest to a deployment of this platform, or undefined if the URL is not ours. */
export type LocalDispatch = (request: OutboundRequest, signal: AbortSignal) => Promise<OutboundResponse> | undefined;

/** What one run gets from the edge. */
export interface RunContext {
  readonly log: GuestLog;
  /** Ends when the client goes away. */
  readonly signal: AbortSignal | undefined;
  /** Answers requests to our own names without leaving the machine, one level deeper. */
  readonly local: LocalDispatch;
}

/** How a run ended, for the client. */
export type ProgramAnswer =
  | { readonly kind: "response"; readonly response: OutgoingResponse }
  | { readonly kind: "fault"; readonly error: TerrariumError; /** Where in the program, if known. */ readonly place: string | null };

/** A loaded deployment: runs its program from fresh state, any number of times at once. */
export interface Responder {
  /** Never rejects for anything that a guest does. */
  respond(request: IncomingRequest, context: RunContext): Promise<ProgramAnswer>;
  /** Frees what is pooled; runs under way end as usual. */
  dispose(): void;
}

/** Makes a responder from a stored artifact. Rejects if the module cannot be loaded. */
export type LoadResponder = (id: DeploymentId, manifest: ArtifactManifest) => Promise<Responder>;

/** Numbers of one edge. */
export interface EdgeStats {
  readonly requests: number;
  readonly inFlight: number;
  readonly deployments: number;
  readonly faults: number;
  readonly http2Sessions: number;
}
