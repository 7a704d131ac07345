// Keys of a store as a command's arguments and output write them: one notation for both directions.
import { usage } from "./usage-error.ts";

/** Starts the notation of a key that is not plain text. */
const ENCODED = "base64url:";
/**
 * Plain text: something to see at both ends, and neither control characters nor direction marks in between. A
 * dash at the start would make it an option.
 */
const PLAIN = /^(?!-)[^\s\p{C}\p{Z}](?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*[^\s\p{C}\p{Z}])?$/u;

/**
 * The key's bytes. Plain text stands for its UTF-8; `base64url:AP8` for any bytes, and `base64url:` for none.
 * Throws for what is not base64url.
 */
export function parseKey(notation: string): Uint8Array {
  return notation.startsWith(ENCODED)
    ? parseBase64url(notation.slice(ENCODED.length))
    : Buffer.from(notation);
}

/** The bytes of unpadded base64url. Throws for anything else, which might be the name of another key. */
export function parseBase64url(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") === text) return bytes;
  throw usage(`"${text}" is not base64url`, "Copy the key from `terrarium kv list`");
}

/** How JSON output writes a key, as the API does. */
export function keyAsJson(key: Uint8Array): { readonly key: string; readonly text: string | null } {
  const text = Buffer.from(key).toString("utf8");
  return {
    key: Buffer.from(key).toString("base64url"),
    text: Buffer.from(text).equals(key) ? text : null,
  };
}

/** The notation that `parseKey` reads as this key. */
export function formatKey(key: Uint8Array): string {
  const text = Buffer.from(key).toString("utf8");
  const isText = PLAIN.test(text) && !text.startsWith(ENCODED) && Buffer.from(text).equals(key);
  return isText ? text : ENCODED + Buffer.from(key).toString("base64url");
}

/** The last parts of the API path of a key. An empty key has a sign of its own: a path cannot end in nothing. */
export function keyPath(key: Uint8Array): string {
  return `/kv/${Buffer.from(key).toString("base64url") || "="}?encoding=base64url`;
}
