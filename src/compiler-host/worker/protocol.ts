// Messages between the platform and a compiler process, over Node's IPC channel with structured clone.
import type { WireError } from "../../errors/index.ts";
import type { Diagnostic, SourceFrame } from "../compiler.ts";
import type { ProjectFiles } from "../../project/files.ts";

/** A job for the process. One runs at a time. */
export type WorkerRequest =
  | { readonly kind: "warm" }
  | {
      readonly kind: "compile";
      readonly files: ProjectFiles;
      readonly flags: readonly string[];
      readonly maxOutputBytes: number;
      /** Parts of a build that an earlier process did not finish. */
      readonly parts?: readonly BuildPart[];
    }
  | { readonly kind: "symbolize"; readonly wasm: Uint8Array; readonly offsets: readonly number[] }
  | { readonly kind: "disassemble"; readonly wasm: Uint8Array };

/** A finished part of a build, such as one object: the next process can go on from there. */
export interface BuildPart {
  readonly key: string;
  /** For the structured clone algorithm. */
  readonly value: unknown;
  readonly bytes: number;
}

/** The result of a job. */
export type WorkerResult =
  | { readonly kind: "warmed" }
  | {
      readonly kind: "compiled";
      readonly wasm: Uint8Array | null;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: "symbolized"; readonly frames: readonly (readonly SourceFrame[])[] }
  | { readonly kind: "disassembled"; readonly text: string };

/** What the process sends. `rssBytes` lets the platform replace one that has grown. */
export type WorkerReply =
  | { readonly kind: "output"; readonly text: string }
  | { readonly kind: "part"; readonly part: BuildPart }
  | { readonly kind: "done"; readonly result: WorkerResult; readonly rssBytes: number }
  | { readonly kind: "refused"; readonly error: WireError }
  | { readonly kind: "crashed"; readonly reason: string };

/** A compiler inside its process. */
export interface Toolchain {
  /** Loads what the first job needs. */
  warm(): Promise<void>;
  compile(job: ToolchainJob): Promise<ToolchainResult>;
  symbolize?(wasm: Uint8Array, offsets: readonly number[]): Promise<readonly (readonly SourceFrame[])[]>;
  /** The module in the text format. Throws TER_WASM_INVALID. */
  disassemble?(wasm: Uint8Array): Promise<string>;
}

export interface ToolchainJob {
  readonly files: ProjectFiles;
  readonly flags: readonly string[];
  /** Receives the compiler's text as it arrives. */
  readonly write: (text: string) => void;
  /** Receives each part as it is finished. */
  readonly finished?: (part: BuildPart) => void;
  readonly parts?: readonly BuildPart[];
}

/** A null module: the compile failed, and the diagnostics or the text say why. */
export interface ToolchainResult {
  readonly wasm: Uint8Array | null;
  readonly diagnostics: readonly Diagnostic[];
}
