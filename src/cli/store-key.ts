// Keys of a store as a command's arguments and output write them: one notation for both directions.

/** Starts the notation of a key that is not plain text. */
const ENCODED = "base64url:";
/** Plain text: something to see at both ends, and neither control characters nor direction marks in between. */
const PLAIN = /^[^\s\p{C}\p{Z}](?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*[^\s\p{C}\p{Z}])?$/u;

/** The key's bytes. Plain text stands for its UTF-8; `base64url:AP8` for any bytes, and `base64url:` for none. */
export function parseKey(notation: string): Uint8Array {
  return notation.startsWith(ENCODED)
    ? Buffer.from(notation.slice(ENCODED.length), "base64url")
    : Buffer.from(notation);
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
