// Archives in JSON, as base64.
import { TerrariumError } from "../../errors/index.ts";

/**
 * The bytes of base64 text in either alphabet, with or without padding and line breaks. Throws
 * TER_ARCHIVE_INVALID.
 */
export function decodeArchive(text: string): Uint8Array {
  // Node skips what is not base64. A single character class takes one pass, whatever the text.
  if (/[^A-Za-z0-9+/\-_\s]/.test(withoutPadding(text.trimEnd())))
    throw new TerrariumError("TER_ARCHIVE_INVALID", { reason: "it is not base64" });
  return Buffer.from(text, "base64");
}

function withoutPadding(text: string): string {
  if (text.endsWith("==")) return text.slice(0, -2);
  return text.endsWith("=") ? text.slice(0, -1) : text;
}
