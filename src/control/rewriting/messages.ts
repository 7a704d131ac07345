// What the supervisor and a rewriting process say to each other.
import type { WireError } from "../../errors/index.ts";
import type { RewrittenModule } from "../../wasm/index.ts";

/** What the process is asked to do, once. */
export interface RewriteRequest {
  readonly wasm: Uint8Array;
  readonly maxMemoryPages: number;
  readonly maxTableEntries: number;
}

/** What it sends back: a module, an error of the catalogue, or the text of a bug. */
export type RewriteReply =
  | { readonly kind: "rewritten"; readonly module: RewrittenModule }
  | { readonly kind: "refused"; readonly error: WireError }
  | { readonly kind: "broken"; readonly reason: string };
