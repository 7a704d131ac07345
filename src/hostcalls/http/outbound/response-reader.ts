// Reads one HTTP/1 response as it arrives: what curl accepts is accepted, and each bound holds while it
// grows. Accepted beyond RFC 9112: lines that end in LF alone, folded header lines, 1xx responses that nobody
// asked for, a length repeated with the same value or followed by other text, a length on responses that have
// no body, status lines in lower case or of HTTP/2, header lines whose name is none (they are left out). That
// is safe because a connection carries one response: nothing can be smuggled behind it.
import type { HeaderList } from "../../types.ts";
import { isToken, trimmed } from "../field-rules.ts";
import { OutboundFailure } from "./failure.ts";

/** Bounds of one response. */
export interface ResponseLimits {
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Called with the bytes of the body that have arrived or are announced; throws if there is no room. */
  readonly receive?: (bytes: number) => void;
}

const LF = 0x0a;
const CR = 0x0d;
const STATUS_LINE = /^HTTP\/(?:1\.[01]|2(?:\.0)?) +(\d{3})(?!\d)/i;
const CHUNK_SIZE = /^([0-9a-f]{1,13})(?![0-9a-z])/i;
/** Codings of a transfer besides `chunked`, which frames the body. */
const TRANSFER_CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);
/** More digits than a safe integer has: curl reads such a body until the connection ends. */
const ENDLESS_LENGTH = /^\+?\d{16,}/;
const LENGTH = /^\+?(\d{1,15})/;
/** Line breaks and NUL within a line; they would forge headers further on. */
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const BROKEN_LINE = /[\r\x00]/;

type State =
  | "status"
  | "header"
  | "counted"
  | "size"
  | "chunk"
  | "chunk end"
  | "trailer"
  | "until close"
  | "done";

/** Readers of a folded one take different parts of it. */
const OF_BODY = /^(?:content-length|transfer-encoding|content-encoding)$/i;

export class ResponseReader {
  readonly #limits: ResponseLimits;
  readonly #isHead: boolean;
  #state: State = "status";
  /** The line under way; head, chunk sizes and trailers share the bound of the headers. */
  readonly #line: Buffer;
  #lineLength = 0;
  #headBytes = 0;
  #status = 0;
  #headers: [name: string, value: string][] = [];
  /** The header line that a folded line continues; null before the first. */
  #last: [name: string, value: string] | null = null;
  #transferCodings: readonly string[] = [];
  readonly #body: Uint8Array[] = [];
  #bodyBytes = 0;
  /** Bytes left of the counted body or chunk. */
  #left = 0;

  constructor(limits: ResponseLimits, method: string) {
    this.#limits = limits;
    this.#isHead = method === "HEAD";
    this.#line = Buffer.allocUnsafe(limits.maxHeaderBytes + 2);
  }

  /** Takes bytes in; true once the response is complete. Throws OutboundFailure. */
  push(bytes: Uint8Array): boolean {
    for (let rest = bytes; rest.length > 0 && this.#state !== "done";) rest = rest.subarray(this.#take(rest));
    return this.#state === "done";
  }

  /** The connection has ended. Throws OutboundFailure unless that ends the response. */
  end(): void {
    if (this.#state === "until close") this.#state = "done";
    if (this.#state === "done") return;
    if (this.#state === "status" && this.#headBytes === 0)
      throw new OutboundFailure("the connection was lost");
    throw notHttp("it ends too early");
  }

  get response(): { readonly status: number; readonly headers: HeaderList; readonly body: Uint8Array } {
    return { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#body, this.#bodyBytes) };
  }

  /** Codings to take off the body besides those of its content, in the order in which they were applied. */
  get transferCodings(): readonly string[] {
    return this.#transferCodings;
  }

  #take(bytes: Uint8Array): number {
    if (this.#state === "counted" || this.#state === "chunk") return this.#takeCounted(bytes);
    if (this.#state === "until close") return this.#takeBody(bytes);
    return this.#takeLine(bytes);
  }

  #takeCounted(bytes: Uint8Array): number {
    const taken = this.#takeBody(bytes.subarray(0, this.#left));
    this.#left -= taken;
    if (this.#left === 0) this.#state = this.#state === "chunk" ? "chunk end" : "done";
    return taken;
  }

  #takeBody(bytes: Uint8Array): number {
    this.#bodyBytes += bytes.length;
    this.#requireRoom(this.#bodyBytes);
    this.#body.push(bytes);
    return bytes.length;
  }

  #requireRoom(bytes: number): void {
    const { maxBodyBytes, receive } = this.#limits;
    if (bytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
    receive?.(bytes);
  }

  #takeLine(bytes: Uint8Array): number {
    const newline = bytes.indexOf(LF);
    const length = newline < 0 ? bytes.length : newline + 1;
    this.#headBytes += length;
    if (this.#headBytes > this.#limits.maxHeaderBytes)
      throw new OutboundFailure("the headers of the answer are too large");
    this.#line.set(bytes.subarray(0, length), this.#lineLength);
    this.#lineLength += length;
    if (newline >= 0) this.#endLine();
    return length;
  }

  #endLine(): void {
    const end = this.#lineLength - (this.#line[this.#lineLength - 2] === CR && this.#lineLength > 1 ? 2 : 1);
    const line = this.#line.toString("latin1", 0, end);
    this.#lineLength = 0;
    if (BROKEN_LINE.test(line)) throw notHttp("a line holds CR or NUL");
    if (this.#state === "status") this.#readStatus(line);
    else if (this.#state === "header") this.#readHeader(line);
    else if (this.#state === "size") this.#readSize(line);
    else if (this.#state === "chunk end") this.#readChunkEnd(line);
    else if (line === "") this.#state = "done";
  }

  #readStatus(line: string): void {
    const match = STATUS_LINE.exec(line);
    if (match === null) throw notHttp("it does not begin with a status line");
    this.#status = Number(match[1]);
    this.#headers = [];
    this.#last = null;
    this.#state = "header";
  }

  #readHeader(line: string): void {
    if (line === "") return this.#endHead();
    if (/^[\t ]/.test(line)) {
      this.#fold(trimmed(line));
      return;
    }
    const colon = line.indexOf(":");
    if (colon < 0) throw notHttp("a header line has no name");
    const header: [string, string] = [line.slice(0, colon), trimmed(line.slice(colon + 1))];
    this.#last = header;
    if (isToken(header[0])) this.#headers.push(header);
  }

  /** Before the first header there is nothing to continue. */
  #fold(more: string): void {
    if (this.#last === null || more === "") return;
    if (OF_BODY.test(this.#last[0])) throw notHttp("a header that says how to read the body is folded");
    this.#last[1] = trimmed(`${this.#last[1]} ${more}`);
  }

  #endHead(): void {
    if (this.#status === 101) throw new OutboundFailure("the server wants to speak another protocol");
    if (this.#status < 200) this.#state = "status";
    else if (this.#isHead || this.#status === 204 || this.#status === 304) this.#state = "done";
    else this.#frameBody();
  }

  #frameBody(): void {
    const codings = this.#listOf("transfer-encoding").filter((name) => name !== "identity" && name !== "");
    if (codings.length > 0) {
      this.#transferCodings = codings.filter((coding) => coding !== "chunked");
      if (!this.#transferCodings.every((coding) => TRANSFER_CODINGS.has(coding)))
        throw notHttp("its transfer coding is unknown");
      // The length of such a response is that of something else (RFC 9112 section 6.3).
      this.#headers = this.#headers.filter(([name]) => name.toLowerCase() !== "content-length");
      this.#state = codings.includes("chunked") ? "size" : "until close";
      return;
    }
    const length = this.#length();
    if (length === null) this.#state = "until close";
    else this.#begin(length, "counted", "done");
  }

  /** What `content-length` says; null if it says nothing. */
  #length(): number | null {
    const values = this.#listOf("content-length").filter((value) => !ENDLESS_LENGTH.test(value));
    const lengths = new Set(values.map((value) => Number(LENGTH.exec(value)?.[1] ?? Number.NaN)));
    const [length = null] = lengths;
    if (lengths.size > 1) throw notHttp("it has two different lengths");
    if (Number.isNaN(length)) throw notHttp("its length is not a number");
    return length;
  }

  #begin(length: number, state: "counted" | "chunk", whenEmpty: State): void {
    this.#requireRoom(this.#bodyBytes + length);
    this.#left = length;
    this.#state = length === 0 ? whenEmpty : state;
  }

  #readSize(line: string): void {
    const match = CHUNK_SIZE.exec(line);
    if (match === null) throw notHttp("a chunk has no size");
    this.#begin(Number.parseInt(match[1] ?? "0", 16), "chunk", "trailer");
    // The bound is on what says nothing of the body: as many chunks as it takes are fine.
    this.#headBytes -= line.length + 2;
  }

  #readChunkEnd(line: string): void {
    if (line !== "") throw notHttp("a chunk is longer than its size");
    this.#headBytes -= 2;
    this.#state = "size";
  }

  /** All elements of a header that is a list. */
  #listOf(name: string): string[] {
    return this.#headers
      .filter(([key]) => key.toLowerCase() === name)
      .flatMap(([, value]) => value.split(","))
      .map((element) => trimmed(element).toLowerCase());
  }
}

/** The answer's body is larger than a guest may get. */
export function tooLarge(maxBytes: number): OutboundFailure {
  return new OutboundFailure(`the answer is larger than ${maxBytes} bytes`);
}

function notHttp(reason: string): OutboundFailure {
  return new OutboundFailure(`the answer is not valid HTTP: ${reason}`);
}
