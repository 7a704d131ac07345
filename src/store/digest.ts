// Digests of blobs and tokens.
import { hash } from "node:crypto";
import type { Digest } from "./types.ts";

/** SHA-256 in lower-case hex. Text is encoded as UTF-8. */
export function digestOf(content: string | Uint8Array): Digest {
  return hash("sha256", content) as Digest;
}
