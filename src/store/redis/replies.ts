// Reads the server's replies.
import type { Reply } from "./connection.ts";

export function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : [];
}

/** The first word of a script's answer, and the rest. */
export function answerOf(reply: Reply): readonly [word: string, ...rest: Reply[]] {
  const [word, ...rest] = listOf(reply);
  return [String(word), ...rest];
}

/** A copy that belongs to the caller. */
export function bytesOf(reply: Reply | undefined): Uint8Array {
  return Buffer.isBuffer(reply) ? new Uint8Array(reply) : new Uint8Array();
}

/** A hash as fields with texts. Undefined if it has none. */
export function hashOf(reply: Reply): Record<string, string> | undefined {
  const parts = listOf(reply).map(String);
  if (parts.length === 0) return undefined;
  const fields: Record<string, string> = {};
  for (let index = 0; index < parts.length; index += 2) fields[parts[index] ?? ""] = parts[index + 1] ?? "";
  return fields;
}

/** Fields and values of a hash; null is the empty text. */
export function fieldsOf(record: object): string[] {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .flatMap(([field, value]) => [field, value === null ? "" : String(value)]);
}
