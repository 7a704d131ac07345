// Random HTTP/1 replies: pieces that servers really send, in odd combinations, some of them damaged.
import * as fc from "fast-check";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

const TEXT = "hello, hello, hello";

// In lower case curl takes any status for 200; programs get the one that is there.
const versions = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/2.0", "HTTP/1.2"];
const statuses = [
  "200 OK",
  "200",
  "200 ",
  "404 Not Found",
  "204 No Content",
  "304 x",
  "500 é",
  "200OK",
  "299  a",
];
const lines = [
  "X: one",
  "X: one\r\n two",
  "X: one\r\n\ttwo\r\n  three",
  "X:",
  "X:y",
  "X: y \t",
  "X : y",
  "x: y",
  ": nameless",
  "A@b: c\r\n d",
  "Connection: close",
  "Set-Cookie: a=b",
  "Date: now",
  "nonsense",
  "",
];
const framings = (length: number) => [
  `Content-Length: ${length}`,
  `Content-Length: ${length}\r\nContent-Length: ${length}`,
  `Content-Length: ${length}, ${length}`,
  `Content-Length: +${length}`,
  `Content-Length: ${length} bytes`,
  `Content-Length: ${length}.0`,
  `Content-Length:${length}  `,
  "Content-Length: 99999999999999999999",
  `Content-Length: ${length}\r\nContent-Length: ${length + 1}`,
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: Chunked\r\nContent-Length: 3",
  "Transfer-Encoding: identity",
  "Transfer-Encoding:",
  "Connection: keep-alive",
];
const codings: readonly (readonly [string, (body: Buffer) => Buffer])[] = [
  ["", (body) => body],
  ["", (body) => body],
  ["Content-Encoding: identity", (body) => body],
  ["Content-Encoding: gzip", (body) => gzipSync(body)],
  ["Content-Encoding: x-gzip", (body) => gzipSync(body)],
  ["Content-Encoding: gzip, br", (body) => brotliCompressSync(gzipSync(body))],
  ["Content-Encoding: gzip\r\nContent-Encoding: deflate", (body) => deflateSync(gzipSync(body))],
  ["Content-Encoding: deflate", (body) => deflateSync(body)],
  ["Content-Encoding: deflate", (body) => deflateRawSync(body)],
  ["Content-Encoding: BR", (body) => brotliCompressSync(body)],
  ["Content-Encoding: zstd", (body) => zstdCompressSync(body)],
];
const sizes = ["x", "0x", "x ", "x;a=b", "x; a", "X"];
const interim = [
  "",
  "",
  "",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 x\r\nX: z\r\n\r\n",
  "HTTP/1.1 102\n\n",
];

/** `form` stands for how a chunk's size is written: its x is the size. */
function chunked(body: Buffer, form: string, trailer: string): Buffer {
  const size = body.length.toString(16);
  const head = form === "X" ? size.toUpperCase() : form.replace("x", size);
  return Buffer.concat([Buffer.from(`${head}\r\n`), body, Buffer.from(`\r\n0\r\n${trailer}\r\n`)]);
}

/** One reply, as bytes. */
export const randomReply: fc.Arbitrary<Buffer> = fc
  .record({
    before: fc.constantFrom(...interim),
    version: fc.constantFrom(...versions),
    status: fc.constantFrom(...statuses),
    headers: fc.array(fc.constantFrom(...lines.slice(0, -2)), { maxLength: 4 }),
    odd: fc.option(fc.constantFrom(...lines), { freq: 8 }),
    framing: fc.nat(),
    coding: fc.constantFrom(...codings),
    size: fc.constantFrom(...sizes),
    trailer: fc.constantFrom("", "Y: z\r\n"),
    behind: fc.constantFrom("", "", "", "more"),
    lineEnd: fc.constantFrom("\r\n", "\r\n", "\n"),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 6 }),
    flip: fc.option(fc.tuple(fc.nat(), fc.constantFrom(0, 9, 13, 32, 44, 58, 59, 65)), { freq: 6 }),
  })
  .map((parts) => {
    const [coding, encode] = parts.coding;
    const body = encode(Buffer.from(TEXT));
    const choices = framings(body.length);
    const framing = choices[parts.framing % choices.length] ?? "";
    const head = [
      `${parts.version} ${parts.status}`,
      ...parts.headers,
      ...(parts.odd === null || parts.odd === "" ? [] : [parts.odd]),
      ...(coding === "" ? [] : [coding]),
      framing,
      "",
      "",
    ].join("\r\n");
    const text = `${parts.before}${head}`.replaceAll("\r\n", parts.lineEnd);
    const isChunked = /chunked/i.test(framing);
    const statusBytes = parts.before.length + parts.version.length + parts.status.length + 3;
    const sent = isChunked ? chunked(body, parts.size, parts.trailer) : body;
    const reply = Buffer.concat([Buffer.from(text, "latin1"), sent, Buffer.from(parts.behind)]);
    return damaged(reply, statusBytes, parts);
  });

function damaged(
  reply: Buffer,
  statusBytes: number,
  { cut, flip }: { readonly cut: number | null; readonly flip: readonly [number, number] | null },
): Buffer {
  // Of a damaged status line curl guesses what it may be.
  if (flip !== null) reply[statusBytes + (flip[0] % (reply.length - statusBytes))] = flip[1];
  return cut === null ? reply : reply.subarray(0, Math.floor(cut * reply.length));
}
