// The record of one request to a program, for the inspector.
import type { TracedCall } from "../../hostcalls/index.ts";
import type { Usage } from "../../engine/index.ts";

/** A line that a run logged; `ms` from the run's start. */
export interface RecordedLine {
  readonly ms: number;
  readonly source: string;
  readonly text: string;
}

/** One frame of a trap's stack, from the engine. */
export interface RecordedFrame {
  readonly functionName: string | null;
  /** Byte offset in the module as built; null if unknown. */
  readonly offset: number | null;
}

/** One request that a program or a file answered. Plain JSON: it crosses process borders. */
export interface RequestRecord {
  readonly id: string;
  /** `asset`: a file of the project; no program ran. */
  readonly answeredBy: "program" | "asset";
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly usage: Usage | null;
  readonly calls: readonly TracedCall[];
  /** Calls beyond those kept. */
  readonly callsLeftOut: number;
  readonly log: readonly RecordedLine[];
  readonly fault: {
    readonly code: string;
    readonly message: string;
    readonly frames: readonly RecordedFrame[];
  } | null;
}
