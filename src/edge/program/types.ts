// The interface between the edge and whatever answers for a deployment.
import type { TerrariumError } from "../../errors/index.ts";
import type {
  CallTree,
  GuestLog,
  IncomingRequest,
  LocalSite,
  OutgoingResponse,
  OwnEndpoint,
} from "../../hostcalls/index.ts";
import type { RunRecorder } from "../records/run-recorder.ts";
import type { LookUpLocations } from "./source-locations.ts";
import type { ProgramStats } from "../accounts/edge-series.ts";
import type { RunCost } from "../accounts/run-accounts.ts";
import type { ArtifactManifest, DeploymentId } from "../../store/types.ts";

/** What one run gets from the edge. */
export interface RunContext {
  log(...line: Parameters<GuestLog>): void;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /**
   * Replaces what the run holds while it waits: memory of the guest; bodies of its requests and their
   * answers. In bytes. Throws TER_EDGE_MEMORY_FULL.
   */
  holdMemory(bytes: number): void;
  holdAnswers(bytes: number): void;
  /** Where the run stands among deployments that call each other. */
  readonly tree: CallTree;
  /** Null unless this run is recorded. */
  readonly recorder: RunRecorder | null;
}

/** How a run ended, for the client. */
export type ProgramAnswer =
  | { readonly kind: "response"; readonly response: OutgoingResponse; readonly usage?: RunCost }
  | {
      readonly kind: "fault";
      readonly error: TerrariumError;
      /** Where in the program, if known. */ readonly location: string | null;
      readonly usage?: RunCost;
    };

/** A loaded deployment: runs its program from fresh state, any number of times at once. */
export interface Responder {
  /** Never rejects for anything that a guest does. */
  respond(request: IncomingRequest, context: RunContext): Promise<ProgramAnswer>;
  /**
   * Does what can be done before the first request. Rejects with TER_WASM_START_TOO_SLOW or
   * TER_WASM_INSTANCE_TOO_SLOW. Absent if there is nothing to do.
   */
  prepare?(): Promise<void>;
  /** Frees what is pooled; running requests end as usual. */
  dispose(): void;
}

/**
 * Creates a responder from a stored artifact; `storeId` is the id of the key-value store that it uses.
 * Rejects if the module cannot be loaded.
 */
export type LoadResponder = (
  id: DeploymentId,
  manifest: ArtifactManifest,
  storeId: DeploymentId,
) => Promise<Responder>;

/** Loads and runs programs. */
export interface ProgramHost {
  readonly load: LoadResponder;
  /** Without it, all are 0. */
  stats?(): ProgramStats;
  /** Frees pooled memory that was not needed lately. */
  trim?(): void;
  close(): Promise<void>;
}

/** What programs need to know about the edge they run in. */
export interface ProgramSite {
  /** Serves requests to the platform's own names without leaving the machine. */
  readonly local: LocalSite;
  /** Source locations of faults. */
  readonly lookUpLocations: LookUpLocations;
  /** Our listeners, which guests cannot reach by address. */
  readonly ownEndpoints: () => readonly OwnEndpoint[];
}
