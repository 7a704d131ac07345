// How the events of a log count, the same for every backend.

/** What an event counts in addition to its text: offset, time, source. */
export const EVENT_BYTES = 32;

/** The beginning of a text, at most this many bytes, cut between characters. */
export function cutEventText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text);
  let end = Math.max(maxBytes, 0);
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}
