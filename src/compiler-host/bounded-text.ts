// Text with a size limit: a compiler's output, however much it writes.

/** Collects text up to a number of UTF-8 bytes, cut at a line, with a last line that says so. */
export class BoundedText {
  readonly #maxBytes: number;
  #text = "";
  #bytes = 0;
  #isFull = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Accepts what still fits and returns it; an empty string once the limit is reached. */
  append(text: string): string {
    if (this.#isFull || text === "") return "";
    const accepted = this.#fit(text);
    this.#text += accepted;
    return accepted;
  }

  /** All that was taken. */
  toString(): string {
    return this.#text;
  }

  #fit(text: string): string {
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes <= this.#maxBytes) {
      this.#bytes += bytes;
      return text;
    }
    this.#isFull = true;
    const head = cutText(text, this.#maxBytes - this.#bytes);
    const isLineEnd =
      head.endsWith("\n") || (head === "" && (this.#text === "" || this.#text.endsWith("\n")));
    return `${head}${isLineEnd ? "" : "\n"}(output cut after ${this.#maxBytes} bytes)\n`;
  }
}

/** The start of `text` of at most `maxBytes` UTF-8 bytes, cut after a line end where there is one. */
export function cutText(text: string, maxBytes: number): string {
  // No character is shorter than a byte, so checking UTF-16 units first is safe.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1));
  if (bytes.length <= maxBytes && text.length <= maxBytes) return text;
  const lineEnd = bytes.subarray(0, maxBytes).lastIndexOf(0x0a);
  if (lineEnd !== -1) return bytes.subarray(0, lineEnd + 1).toString();
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}
