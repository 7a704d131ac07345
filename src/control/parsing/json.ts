// Bytes as JSON.
import { TerrariumError } from "../../errors/index.ts";

/** Throws TER_BAD_REQUEST for what is not JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new TerrariumError("TER_BAD_REQUEST", { reason: "The body is not JSON in UTF-8" });
  }
}
