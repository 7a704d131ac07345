// Responses of the deploy protocol: complete JSON of at most 4,096 bytes, because its clients read into
// buffers of that size.

/** Bytes of a whole response. */
export const MAX_ANSWER_BYTES = 4096;
const CUT_MARK = "\n[cut; the deployment's log has it whole]";

/** JSON of the object, with its `message` cut at a line if the whole would be too long. */
export function boundedJson<T extends { readonly message: string }>(answer: T): string {
  const whole = JSON.stringify(answer);
  if (Buffer.byteLength(whole) <= MAX_ANSWER_BYTES) return whole;
  const room = MAX_ANSWER_BYTES - Buffer.byteLength(JSON.stringify({ ...answer, message: CUT_MARK }));
  return JSON.stringify({ ...answer, message: cutAtLine(answer.message, room) + CUT_MARK });
}

/**
 * The longest prefix whose JSON form fits. It ends at a line end if there is one, and never inside a
 * character.
 */
function cutAtLine(text: string, jsonBytes: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += Buffer.byteLength(JSON.stringify(character)) - 2;
    if (used > jsonBytes) break;
    end += character.length;
  }
  const lineEnd = text.lastIndexOf("\n", end);
  return text.slice(0, lineEnd > 0 ? lineEnd : end);
}
