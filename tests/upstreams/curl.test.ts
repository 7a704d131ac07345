// What curl accepts, programs get: each reply is read by curl itself and by a program's request, which have
// to agree on status, headers and body. Exceptions are named, with their reason.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differenceFromCurl } from "./difference.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { randomReply } from "./random-replies.ts";
import { byCurl, byProgram, ReplyServer } from "./replies.ts";

const curl = spawnSync("curl", ["--version"], { encoding: "utf8" });
if (curl.status !== 0) process.stderr.write("SKIPPED: what curl accepts, because there is no curl here\n");

const head = (lines: string, status = "200 OK") => `HTTP/1.1 ${status}\r\n${lines}\r\n`;
const packed = (coding: string, body: Uint8Array) =>
  Buffer.concat([
    Buffer.from(head(`Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n`)),
    body,
  ]);
const GZIP = gzipSync("hello, hello, hello");

/** Replies by what is odd about them. */
const REPLIES: Readonly<Record<string, string | Buffer>> = {
  nothing: head("Content-Length: 2\r\n") + "ok",
  "a length on 304": head("Content-Length: 5\r\n", "304 Not Modified"),
  "a length on 204": head("Content-Length: 5\r\n", "204 No Content"),
  "an unasked 100 Continue": "HTTP/1.1 100 Continue\r\n\r\n" + head("Content-Length: 2\r\n") + "ok",
  "103 Early Hints and 100":
    head("Link: x\r\n", "103 Early Hints") + head("", "100") + head("Content-Length: 2\r\n") + "ok",
  "a folded header": head("X: one\r\n two\r\nContent-Length: 2\r\n") + "ok",
  "a header folded with a tab": head("X: one\r\n\ttwo\r\nContent-Length: 2\r\n") + "ok",
  "two equal lengths": head("Content-Length: 2\r\nContent-Length: 2\r\n") + "ok",
  "line ends without CR": "HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nok",
  "line ends of both kinds": "HTTP/1.1 200 OK\r\nX: y\nContent-Length: 2\r\n\nok",
  "trailing blanks in a value": head("X: y \t \r\nContent-Length: 2\r\n") + "ok",
  "no reason": "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
  "an empty reason": "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.0 and no length": "HTTP/1.0 200 OK\r\nX: y\r\n\r\nuntil the end",
  "no length": head("") + "until the end",
  chunks: head("Transfer-Encoding: chunked\r\n") + "2\r\nok\r\n3;a=b\r\n!!!\r\n0\r\n\r\n",
  "chunks with trailers": head("Transfer-Encoding: chunked\r\n") + "2\r\nok\r\n0\r\nY: z\r\n\r\n",
  "chunks of upper-case sizes": head("Transfer-Encoding: Chunked\r\n") + "A\r\n0123456789\r\n0\r\n\r\n",
  "bytes behind the length": head("Content-Length: 2\r\n") + "ok and more",
  gzip: packed("gzip", GZIP),
  "gzip without its trailer": packed("gzip", GZIP.subarray(0, -8)),
  "gzip with a part of its trailer": packed("gzip", GZIP.subarray(0, -3)),
  "deflate with a header": packed("deflate", deflateSync("hello")),
  "deflate without a header": packed("deflate", deflateRawSync("hello")),
  br: packed("br", brotliCompressSync("hello")),
  "gzip in chunks": Buffer.concat([
    Buffer.from(head("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")),
    Buffer.from(`${GZIP.length.toString(16)}\r\n`),
    GZIP,
    Buffer.from("\r\n0\r\n\r\n"),
  ]),
  "several folded headers": head("X: one\r\n two\r\n\tthree\r\nY: a\r\n b\r\nContent-Length: 2\r\n") + "ok",
  "a blank before the colon": head("X : y\r\nContent-Length : 1\r\n") + "ok",
  "headers whose names are none": head("X: y\r\n: a\r\n b\r\nA@b: c\r\nContent-Length: 2\r\n") + "ok",
  "a plus before its length": head("Content-Length: +2\r\n") + "ok",
  "words behind its length": head("Content-Length: 2 bytes\r\n") + "ok",
  "a length beyond all numbers": head("Content-Length: 99999999999999999999\r\n") + "ok",
  "HTTP/2 in its status line": "HTTP/2 200\r\nContent-Length: 2\r\n\r\nok",
  "two blanks before its status": "HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok",
  "no blank behind its status": "HTTP/1.1 200OK\r\nContent-Length: 2\r\n\r\nok",
  "an empty transfer coding": head("Transfer-Encoding:\r\nContent-Length: 2\r\n") + "ok",
  "chunked twice": head("Transfer-Encoding: chunked, chunked\r\n") + "2\r\nok\r\n0\r\n\r\n",
  "text behind the size of a chunk": head("Transfer-Encoding: chunked\r\n") + "2-x\r\nok\r\n0\r\n\r\n",
  "an empty Location": head("Location:\r\nContent-Length: 2\r\n", "302 Found") + "ok",
  "gzip as its transfer coding": Buffer.concat([
    Buffer.from(head("Transfer-Encoding: gzip, chunked\r\n") + `${GZIP.length.toString(16)}\r\n`),
    GZIP,
    Buffer.from("\r\n0\r\n\r\n"),
  ]),
  "gzip, then br": packed("gzip, br", brotliCompressSync(GZIP)),
  "x-gzip": packed("x-gzip", GZIP),
  "zlib in the name of gzip": packed("gzip", deflateSync("hello")),
  identity: packed("identity", Buffer.from("hello")),
  zstd: packed("zstd", zstdCompressSync("hello")),
  "no HTTP": "SSH-2.0-x\r\n",
  "an end within its body": head("Content-Length: 9\r\n") + "ok",
  "a chunk without a size": head("Transfer-Encoding: chunked\r\n") + "x\r\nok\r\n0\r\n\r\n",
  "gzip that is none": packed("gzip", Buffer.from("this is no gzip")),
};

/** What the exceptions are made of, in the order of `EXCEPTIONS`. */
const EXCEPTIONAL = [
  head("Content-Length: 2\r\nContent-Length: 3\r\n") + "ok!",
  head("Transfer-Encoding: chunked\r\n x\r\n") + "2\r\nok\r\n0\r\n\r\n",
  head("X: a\rb\r\nContent-Length: 2\r\n") + "ok",
  "HTTP/1.1 200 OK\r\nX: y\r\n",
  head("Content-Length: 2\r\n", "101 Switching Protocols") + "ok",
];

/** What programs get although curl gives it up at its end. */
const MORE: Readonly<Record<string, Buffer>> = {
  "gzip with bytes behind": packed("gzip", Buffer.concat([GZIP, Buffer.from("x")])),
  "gzip with zeros behind": packed("gzip", Buffer.concat([GZIP, Buffer.alloc(20)])),
};

let server: ReplyServer;
beforeAll(async () => {
  server = await ReplyServer.start();
});
afterAll(() => server.close());

describe.skipIf(curl.status !== 0)("a reply", () => {
  test.each(Object.keys(REPLIES))("with %s is what curl makes of it", async (name) => {
    server.serve(REPLIES[name] ?? "");
    const [program, byItself] = [await byProgram(server.url()), await byCurl(server.url())];
    if ("failure" in byItself) expect(program).toEqual({ failure: expect.any(String) });
    else expect(program).toEqual(byItself);
  });

  test.each(EXCEPTIONS.map(({ inDocs }, index) => [inDocs, index] as const))(
    "with %s is accepted by curl, and fails a program's request",
    async (_, index) => {
      server.serve(EXCEPTIONAL[index] ?? "");
      expect(await byCurl(server.url())).toHaveProperty("reply");
      const failure = expect.stringMatching(EXCEPTIONS[index]?.reason ?? /^$/);
      expect(await byProgram(server.url())).toEqual({ failure });
    },
  );

  test("to a URL with a percent sign in its password is read as by curl", async () => {
    server.serve(head("Content-Length: 2\r\n") + "ok");
    const url = server.url("user:100%@");
    expect(await byProgram(url)).toEqual(await byCurl(url));
  });

  test("of any kind that curl accepts is what curl makes of it", async () => {
    for (const reply of fc.sample(randomReply, { numRuns: 250, seed: 1127 }))
      expect(await differenceFromCurl(server, reply), JSON.stringify(reply.toString("latin1"))).toBeNull();
  });
});

test.each(Object.keys(MORE))("a reply of %s is read up to there", async (name) => {
  server.serve(MORE[name] ?? "");
  expect(await byProgram(server.url())).toMatchObject({ reply: { body: "hello, hello, hello" } });
});

test("the page names the exceptions, and no others", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/what-terrarium-does-not-do.md"), "utf8");
  const names = EXCEPTIONS.map(({ inDocs }) => inDocs);
  const list = `${names.slice(0, -1).join("; ")}; and ${names.at(-1)}`;
  expect(page.replace(/\s+/g, " ")).toContain(`except these: ${list}.`);
});
