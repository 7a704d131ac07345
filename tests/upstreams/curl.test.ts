// What curl accepts, programs get: each reply is read by curl itself and by a program's request, which have
// to agree on status, headers and body. Exceptions are named, with their reason.
import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createOutbound } from "../../src/hostcalls/index.ts";

const run = promisify(execFile);
const curl = spawnSync("curl", ["--version"], { encoding: "utf8" });
if (curl.status !== 0) process.stderr.write("SKIPPED: what curl accepts, because there is no curl here\n");

interface Read {
  readonly status: number;
  readonly body: string;
  readonly x: string | null;
}

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
  "no HTTP": "SSH-2.0-x\r\n",
  "an end within its body": head("Content-Length: 9\r\n") + "ok",
  "a chunk without a size": head("Transfer-Encoding: chunked\r\n") + "x\r\nok\r\n0\r\n\r\n",
  "gzip that is none": packed("gzip", Buffer.from("this is no gzip")),
};

/** Where programs and curl differ, and why. `null`: the program gets -1. */
const EXCEPTIONS: Readonly<Record<string, readonly [Buffer | string, expected: string | null]>> = {
  // Which of two lengths counts is what request smuggling is made of.
  "two different lengths": [head("Content-Length: 2\r\nContent-Length: 3\r\n") + "ok!", null],
  // curl keeps what it had before; a program could not tell that something is missing.
  "a NUL in a value": [head("X: a\0b\r\nContent-Length: 2\r\n") + "ok", null],
  // curl writes the body and then ends with an error.
  "gzip with bytes behind": [packed("gzip", Buffer.concat([GZIP, Buffer.from("x")])), "hello, hello, hello"],
  "gzip with zeros behind": [packed("gzip", Buffer.concat([GZIP, Buffer.alloc(20)])), "hello, hello, hello"],
  // curl takes what it has for the whole.
  "a head that ends early": ["HTTP/1.1 200 OK\r\nX: y\r\n", null],
};

/** Serves one reply to every connection while `use` runs. */
async function serving<T>(reply: string | Buffer, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(typeof reply === "string" ? Buffer.from(reply, "latin1") : reply));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** Null if curl fails. */
async function byCurl(port: number): Promise<Read | null> {
  const format = "\n%{http_code}\n%{header_json}";
  const args = ["-sS", "--compressed", "--max-time", "5", "-w", format, `http://127.0.0.1:${port}/`];
  try {
    const { stdout } = await run("curl", args, { encoding: "latin1" });
    const [, body = "", status, json = "{}"] = /^([^]*)\n(\d+)\n(\{[^]*)$/.exec(stdout) ?? [];
    const headers = JSON.parse(json) as Record<string, readonly string[]>;
    return { status: Number(status), body, x: headers["x"]?.[0] ?? null };
  } catch {
    return null;
  }
}

async function byProgram(port: number): Promise<Read | null> {
  const outbound = createOutbound({
    resolver: { raw: () => Promise.reject(new Error()), addresses: () => Promise.reject(new Error()) },
    limits: { maxHeaderBytes: 16_384, maxBodyBytes: 100_000 },
    allowNet: ["127.0.0.0/8"],
    resolve: [],
    caFiles: [],
    totalMs: 5000,
  });
  const request = {
    method: "GET",
    url: new URL(`http://127.0.0.1:${port}/`),
    headers: [],
    body: Buffer.alloc(0),
  };
  const grant = { signal: new AbortController().signal, spend: () => undefined, receive: () => undefined };
  try {
    const { status, body, headers } = await outbound
      .forRun({ depth: 0, budget: { left: 0 } })
      .send(request, grant);
    const x = headers.find(([name]) => name.toLowerCase() === "x")?.[1] ?? null;
    return { status, body: Buffer.from(body).toString("latin1"), x };
  } catch {
    return null;
  }
}

/** Blanks between folded lines are joined in more than one way. */
const plain = (read: Read | null) => read && { ...read, x: read.x?.replace(/\s+/g, " ").trim() ?? null };

describe.skipIf(curl.status !== 0)("a reply", () => {
  test.each(Object.keys(REPLIES))("with %s is what curl makes of it", async (name) => {
    const reply = REPLIES[name] ?? "";
    expect(plain(await serving(reply, byProgram))).toEqual(plain(await serving(reply, byCurl)));
  });
});

describe("a reply that differs from curl's reading", () => {
  test.each(Object.keys(EXCEPTIONS))("is the one with %s", async (name) => {
    const [reply, expected] = EXCEPTIONS[name]!;
    expect((await serving(reply, byProgram))?.body ?? null).toBe(expected);
  });
});
