// Divides `--memory` among the processes of the platform. Each part refuses work before it exceeds its share.
import { totalmem } from "node:os";
import type { Limits } from "./limits.ts";

const MIB = 2 ** 20;

/** Share of the machine's or the control group's memory that the platform may use by default. */
const DEFAULT_SHARE = 0.7;

/** Launcher, supervisor and its workers, without the uploads that arrive. */
const SUPERVISOR_BYTES = 256 * MIB;
/** An edge that holds nothing for requests. */
const EDGE_BYTES = 160 * MIB;
/** Builds and trial compilations: a part of the whole, but no less than compilers need. */
const BUILD_SHARE = 0.25;
const MIN_BUILD_BYTES = 512 * MIB;
/** Room of an edge for requests that wait; the rest is for its pools, its heap and compiled code. */
const HELD_SHARE = 0.5;
/** Each of what is pooled, discarded and unsent; more than this gains nothing. */
const POOLED_SHARE = 0.125;
const MAX_POOLED_BYTES = 256 * MIB;
/** One program with the default limit of memory can wait. */
const MIN_HELD_BYTES = 64 * MIB;
/** Uploads of the largest size that may arrive at once, where memory allows. */
const LARGEST_UPLOADS = 8;
const UPLOAD_SHARE = 0.125;
/** What each part may use, in bytes. */
export interface MemoryPlan {
  /** Resident memory of one edge; beyond it the edge takes no further requests. */
  readonly edgeBytes: number;
  /** Held for requests in flight, per edge. */
  readonly heldBytes: number;
  /** Wiped memories kept for later runs, per edge. */
  readonly pooledBytes: number;
  /** Memories of programs that are no longer used and not freed yet, per edge. */
  readonly discardedBytes: number;
  /** Responses that clients have not read yet, per edge. */
  readonly unsentBytes: number;
  /** Bodies of API requests that arrive at the supervisor. */
  readonly uploadBytes: number;
  /** Processes of all builds together. */
  readonly buildBytes: number;
  /** The process that checks and compiles one module first. */
  readonly compileBytes: number;
}

/** What the plan is made from; part of the configuration. */
export interface MemoryPlanInput {
  readonly memoryBytes: number;
  readonly edges: number;
  readonly limits: Pick<Limits, "uploadBytes" | "compileBytes">;
}

/** The plan; the least parts are kept where `memoryBytes` is below `minimumMemory`. */
export function memoryPlan({ memoryBytes, edges, limits }: MemoryPlanInput): MemoryPlan {
  const buildBytes = Math.floor(Math.max(memoryBytes * BUILD_SHARE, MIN_BUILD_BYTES));
  const leastEdge = EDGE_BYTES + MIN_HELD_BYTES / HELD_SHARE;
  const edgeBytes = Math.max((memoryBytes - SUPERVISOR_BYTES - buildBytes) / edges, leastEdge);
  const free = edgeBytes - EDGE_BYTES;
  const pooledBytes = Math.floor(Math.min(free * POOLED_SHARE, MAX_POOLED_BYTES));
  return {
    edgeBytes: Math.floor(edgeBytes),
    heldBytes: Math.floor(free * HELD_SHARE),
    pooledBytes,
    discardedBytes: pooledBytes,
    unsentBytes: pooledBytes,
    uploadBytes: Math.floor(
      Math.max(
        Math.min(LARGEST_UPLOADS * limits.uploadBytes, memoryBytes * UPLOAD_SHARE),
        limits.uploadBytes,
      ),
    ),
    buildBytes,
    compileBytes: Math.min(limits.compileBytes, buildBytes),
  };
}

/** The least `--memory`, in bytes, with which every part has what it needs. */
export function minimumMemory(edges: number): number {
  const leastEdge = EDGE_BYTES + MIN_HELD_BYTES / HELD_SHARE;
  const others = SUPERVISOR_BYTES + edges * leastEdge;
  return Math.ceil(Math.max(others / (1 - BUILD_SHARE), others + MIN_BUILD_BYTES));
}

/** Bytes that the platform may use unless told otherwise. */
export function defaultMemory(): number {
  // 0, or more than the machine has: the control group sets no limit.
  const constrained = process.constrainedMemory();
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(available * DEFAULT_SHARE);
}
